package dev.atmirror.cli;

import dev.atmirror.snapshot.DumpProgress;
import dev.atmirror.snapshot.SnapshotRun;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Help.Ansi;

/** How far dumping is: a bar with rate and time left on a terminal, a line every few seconds elsewhere. */
final class DumpProgressLog implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(300);
    private static final Duration LINE_EVERY = Duration.ofSeconds(10);
    private static final Duration SHORTEST = Duration.ofSeconds(3); // before that a rate says nothing
    private static final int WIDEST = 120;
    private static final double MEGABYTE = 1e6;
    private static final Logger LOG = LoggerFactory.getLogger(DumpProgressLog.class);

    private final InstantSource clock;
    private final Supplier<DumpProgress> source;
    private final Instant start;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "dump-progress");
        thread.setDaemon(true);
        return thread;
    });
    private Optional<ProgressBar> bar = Optional.empty();
    private Instant lastLine;
    private long lastBytes;

    DumpProgressLog(InstantSource clock, Supplier<DumpProgress> source) {
        this.clock = clock;
        this.source = source;
        this.start = clock.instant();
        this.lastLine = start;
    }

    /** Shows progress until it is closed. */
    static DumpProgressLog of(InstantSource clock, Supplier<DumpProgress> source) {
        DumpProgressLog log = new DumpProgressLog(clock, source);
        log.timer.scheduleWithFixedDelay(log::show, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return log;
    }

    synchronized void show() {
        DumpProgress now = source.get();
        if (Ansi.AUTO.enabled()) {
            draw(now);
        } else if (Duration.between(lastLine, clock.instant()).compareTo(LINE_EVERY) >= 0) {
            LOG.info(line(now));
        }
    }

    private void draw(DumpProgress now) {
        ProgressBar drawn = bar.orElseGet(() -> new ProgressBarBuilder()
                .setTaskName("snapshot")
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                .setUnit(" MB", (long) MEGABYTE)
                .showSpeed()
                .hideEta()
                .setInitialMax(-1)
                .startsFrom(now.plainBytes(), Duration.between(start, clock.instant()))
                .setMaxRenderedLength(WIDEST)
                .build());
        bar = Optional.of(drawn);
        if (now.share() > 0) {
            drawn.maxHint(Math.max(1, Math.round(now.plainBytes() / now.share())));
        }
        drawn.stepTo(now.plainBytes());
        drawn.setExtraMessage(", " + place(now) + left(now));
    }

    /** As of now, with the rate since the last one. */
    String line(DumpProgress now) {
        Instant instant = clock.instant();
        double seconds = Math.max(1e-3, Duration.between(lastLine, instant).toMillis() / 1e3);
        String line = String.format(
                Locale.ROOT,
                "%s: %s dumped, %.1f MB/s, %.0f %%%s",
                place(now),
                SnapshotRun.bytes(now.plainBytes()),
                (now.plainBytes() - lastBytes) / MEGABYTE / seconds,
                100 * now.share(),
                left(now));
        lastLine = instant;
        lastBytes = now.plainBytes();
        return line;
    }

    private static String place(DumpProgress now) {
        return now.name() + (now.of() > 1 ? " (" + now.number() + " of " + now.of() + ")" : "");
    }

    private String left(DumpProgress now) {
        Duration spent = Duration.between(start, clock.instant());
        if (now.share() <= 0 || spent.compareTo(SHORTEST) < 0) {
            return "";
        }
        return ", " + ProgressLog.shown(Duration.ofSeconds(Math.round(spent.toMillis() / 1e3 * (1 - now.share()) / now.share())))
                + " left";
    }

    /** Takes the bar away, so that a line can be printed; it comes again by itself. */
    synchronized void pause() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        pause();
    }
}
