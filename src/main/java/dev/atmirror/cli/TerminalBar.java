package dev.atmirror.cli;

import java.util.Optional;
import java.util.OptionalDouble;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine.Help.Ansi;

/** Draws a {@link ProgressLine} on the terminal, again and again at the same place. Not thread-safe. */
final class TerminalBar implements AutoCloseable {
    private static final int DRAW_EVERY_MILLIS = 300;

    private Optional<ProgressBar> drawn = Optional.empty();
    private volatile Optional<ProgressLine> line = Optional.empty();

    /** Whether there is one to draw on. */
    static boolean onTerminal() {
        return Ansi.AUTO.enabled();
    }

    void show(ProgressLine now) {
        line = Optional.of(now);
        if (drawn.isEmpty()) {
            // The library finds the terminal, its width and its line; what stands there is ours.
            drawn = Optional.of(new ProgressBarBuilder()
                    .setRenderer((progress, columns) -> line.map(shown -> shown.fit(columns)).orElse(""))
                    .setUpdateIntervalMillis(DRAW_EVERY_MILLIS)
                    .continuousUpdate()
                    .build());
        }
    }

    /** Leaves the line as that of something finished, where one was drawn. */
    void finish() {
        line = line.map(last -> new ProgressLine(last.task(), OptionalDouble.of(1), last.facts().stream().limit(1).toList()));
        close();
    }

    /** Leaves the line as it stands, so that others can be printed; the next look begins a new one. */
    @Override
    public void close() {
        drawn.ifPresent(ProgressBar::close);
        drawn = Optional.empty();
    }
}
