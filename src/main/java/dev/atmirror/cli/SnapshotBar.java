package dev.atmirror.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Help.Ansi;

/** What dumping and restoring show alike: a bar on a terminal that is looked at several times a second. Not thread-safe. */
final class SnapshotBar {
    static final double MEGABYTE = 1e6;
    /** Between two lines where there is no terminal. */
    static final Duration LINE_EVERY = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(300);
    private static final Duration SHORTEST = Duration.ofSeconds(3); // before that a rate says nothing
    private static final int WIDEST = 120;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "snapshot-progress");
        thread.setDaemon(true);
        return thread;
    });
    private Optional<ProgressBar> bar = Optional.empty();

    /** @param unit with its blank before it @param unitSize of what is counted, in one of the unit */
    record Measure(String unit, long unitSize) {
        static final Measure MEGABYTES = new Measure(" MB", (long) MEGABYTE);
    }

    /**
     * @param done in what is counted
     * @param share 0 to 1; none or less where nobody knows
     * @param spent on what is done
     */
    record State(long done, double share, Duration spent) {
        /** For the end of a line; empty before it can be told. */
        String left() {
            if (share <= 0 || spent.compareTo(SHORTEST) < 0) {
                return "";
            }
            double seconds = spent.toMillis() / 1e3 * (1 - share) / share;
            return ", " + ProgressLog.shown(Duration.ofSeconds(Math.round(seconds))) + " left";
        }
    }

    /** Looks from now on until it is closed. */
    void start(Runnable look) {
        timer.scheduleWithFixedDelay(look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    static boolean onTerminal() {
        return Ansi.AUTO.enabled();
    }

    void draw(String task, Measure measure, State now, String extra) {
        ProgressBar drawn = bar.orElseGet(() -> new ProgressBarBuilder()
                .setTaskName(task)
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                .setUnit(measure.unit(), measure.unitSize())
                .showSpeed()
                .hideEta()
                .setInitialMax(-1)
                .startsFrom(now.done(), now.spent())
                .setMaxRenderedLength(WIDEST)
                .build());
        bar = Optional.of(drawn);
        if (now.share() > 0) {
            drawn.maxHint(Math.max(1, Math.round(now.done() / now.share())));
        }
        drawn.stepTo(now.done());
        drawn.setExtraMessage(extra);
    }

    /** Takes the bar away, so that a line can be printed; it comes again by itself. */
    void pause() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
    }

    void close() {
        timer.shutdownNow();
        pause();
    }
}
