package dev.atmirror.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What dumping and restoring show alike: a bar on a terminal that is looked at several times a second. Not thread-safe. */
final class SnapshotBar {
    static final double MEGABYTE = 1e6;
    /** Between two lines where there is no terminal. */
    static final Duration LINE_EVERY = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(300);
    private static final Duration SHORTEST = Duration.ofSeconds(3); // before that a rate says nothing

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "snapshot-progress");
        thread.setDaemon(true);
        return thread;
    });
    private final TerminalBar bar = new TerminalBar();

    /**
     * @param done in what is counted
     * @param share 0 to 1; none or less where nobody knows
     * @param spent on what is done
     */
    record State(long done, double share, Duration spent) {
        /** For the end of a line; empty before it can be told. */
        String left() {
            return timeLeft().map(left -> ", " + left).orElse("");
        }

        Optional<String> timeLeft() {
            if (share <= 0 || spent.compareTo(SHORTEST) < 0) {
                return Optional.empty();
            }
            double seconds = spent.toMillis() / 1e3 * (1 - share) / share;
            return Optional.of(ProgressLog.shown(Duration.ofSeconds(Math.round(seconds))) + " left");
        }

        /** More than none, since a rate is divided by it. */
        double seconds() {
            return Math.max(1e-3, spent.toMillis() / 1e3);
        }
    }

    /** Looks from now on until it is closed. */
    void start(Runnable look) {
        timer.scheduleWithFixedDelay(look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    void draw(ProgressLine line) {
        bar.show(line);
    }

    /** Takes the bar away, so that a line can be printed; it comes again by itself. */
    void pause() {
        bar.close();
    }

    void close() {
        timer.shutdownNow();
        pause();
    }
}
