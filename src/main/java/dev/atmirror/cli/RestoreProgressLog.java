package dev.atmirror.cli;

import dev.atmirror.cli.SnapshotBar.State;
import dev.atmirror.snapshot.RestoreProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a restore is: a bar for each of its steps on a terminal, a line every few seconds elsewhere. Rate and time left are
 * those of the present step, as the steps have nothing in common.
 */
final class RestoreProgressLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RestoreProgressLog.class);

    private final InstantSource clock;
    private final Supplier<Optional<RestoreProgress>> source;
    private final SnapshotBar bar = new SnapshotBar();
    private String step = "";
    private Instant began; // the present step
    private Instant lastLine;

    RestoreProgressLog(InstantSource clock, Supplier<Optional<RestoreProgress>> source) {
        this.clock = clock;
        this.source = source;
        this.began = clock.instant();
        this.lastLine = began;
    }

    /** Shows progress until it is closed. */
    static RestoreProgressLog of(InstantSource clock, Supplier<Optional<RestoreProgress>> source) {
        RestoreProgressLog log = new RestoreProgressLog(clock, source);
        log.bar.start(log::show);
        return log;
    }

    synchronized void show() {
        Optional<RestoreProgress> progress = source.get();
        if (progress.isEmpty()) {
            return;
        }
        RestoreProgress now = progress.get();
        if (!now.doing().equals(step)) {
            step = now.doing();
            began = clock.instant();
            pause();
        }
        if (TerminalBar.onTerminal()) {
            bar.draw(drawn(now));
        } else if (Duration.between(lastLine, clock.instant()).compareTo(SnapshotBar.LINE_EVERY) >= 0) {
            lastLine = clock.instant();
            LOG.info(line(now));
        }
    }

    ProgressLine drawn(RestoreProgress now) {
        State state = state(now);
        List<String> facts = new ArrayList<>();
        if (now.isInBytes()) {
            facts.add(String.format(Locale.ROOT, "%.1f MB", now.done() / SnapshotBar.MEGABYTE));
        } else if (!now.unit().isEmpty()) {
            facts.add(String.format(Locale.ROOT, "%,d %s", now.done(), now.unit()));
        }
        state.timeLeft().ifPresent(facts::add);
        if (now.isInBytes()) {
            facts.add(String.format(Locale.ROOT, "%.1f MB/s", now.done() / SnapshotBar.MEGABYTE / state.seconds()));
        } else if (!now.unit().isEmpty()) {
            facts.add(String.format(Locale.ROOT, "%,.0f/s", now.done() / state.seconds()));
        }
        return new ProgressLine(now.doing(), ProgressLine.unfinished(now.share()), facts);
    }

    private State state(RestoreProgress now) {
        return new State(now.done(), now.share(), Duration.between(began, clock.instant()));
    }

    /** As of now, with the rate of the present step. */
    String line(RestoreProgress now) {
        double seconds = Math.max(1e-3, Duration.between(began, clock.instant()).toMillis() / 1e3);
        double megabytes = now.done() / SnapshotBar.MEGABYTE;
        String done = now.isInBytes()
                ? String.format(Locale.ROOT, "%.1f MB, %.1f MB/s", megabytes, megabytes / seconds)
                : String.format(Locale.ROOT, "%,d %s, %,.0f/s", now.done(), now.unit(), now.done() / seconds);
        String share = now.share() < 0 ? "" : String.format(Locale.ROOT, ", %.0f %%", Math.floor(100 * ProgressLine.unfinished(now.share()).orElse(0)));
        return now.doing() + (now.unit().isEmpty() ? "" : ": " + done + share + state(now).left());
    }

    /** Takes the bar away, so that a line can be printed. */
    synchronized void pause() {
        bar.pause();
    }

    @Override
    public synchronized void close() {
        bar.close();
    }
}
