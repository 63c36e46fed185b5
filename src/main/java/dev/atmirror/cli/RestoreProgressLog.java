package dev.atmirror.cli;

import dev.atmirror.snapshot.RestoreProgress;
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

/**
 * How far a restore is: a bar for each of its steps on a terminal, a line every few seconds elsewhere. Rate and time left are
 * those of the present step, as the steps have nothing in common.
 */
final class RestoreProgressLog implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(300);
    private static final Duration LINE_EVERY = Duration.ofSeconds(10);
    private static final Duration SHORTEST = Duration.ofSeconds(3); // before that a rate says nothing
    private static final int WIDEST = 120;
    private static final double MEGABYTE = 1e6;
    private static final Logger LOG = LoggerFactory.getLogger(RestoreProgressLog.class);

    private final InstantSource clock;
    private final Supplier<Optional<RestoreProgress>> source;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "restore-progress");
        thread.setDaemon(true);
        return thread;
    });
    private Optional<ProgressBar> bar = Optional.empty();
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
        log.timer.scheduleWithFixedDelay(log::show, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
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
        if (Ansi.AUTO.enabled()) {
            draw(now);
        } else if (Duration.between(lastLine, clock.instant()).compareTo(LINE_EVERY) >= 0) {
            lastLine = clock.instant();
            LOG.info(line(now));
        }
    }

    private void draw(RestoreProgress now) {
        ProgressBar drawn = bar.orElseGet(() -> new ProgressBarBuilder()
                .setTaskName(now.doing())
                .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
                .setUnit(now.isInBytes() ? " MB" : " " + now.unit(), now.isInBytes() ? (long) MEGABYTE : 1)
                .showSpeed()
                .hideEta()
                .setInitialMax(-1)
                .startsFrom(now.done(), Duration.between(began, clock.instant()))
                .setMaxRenderedLength(WIDEST)
                .build());
        bar = Optional.of(drawn);
        if (now.share() > 0) {
            drawn.maxHint(Math.max(1, Math.round(now.done() / now.share())));
        }
        drawn.stepTo(now.done());
        drawn.setExtraMessage(left(now));
    }

    /** As of now, with the rate of the present step. */
    String line(RestoreProgress now) {
        double seconds = Math.max(1e-3, Duration.between(began, clock.instant()).toMillis() / 1e3);
        String done = now.isInBytes()
                ? String.format(Locale.ROOT, "%.1f MB, %.1f MB/s", now.done() / MEGABYTE, now.done() / MEGABYTE / seconds)
                : String.format(Locale.ROOT, "%,d %s, %,.0f/s", now.done(), now.unit(), now.done() / seconds);
        String share = now.share() < 0 ? "" : String.format(Locale.ROOT, ", %.0f %%", 100 * now.share());
        return now.doing() + (now.unit().isEmpty() ? "" : ": " + done + share + left(now));
    }

    private String left(RestoreProgress now) {
        Duration spent = Duration.between(began, clock.instant());
        if (now.share() <= 0 || spent.compareTo(SHORTEST) < 0) {
            return "";
        }
        double seconds = spent.toMillis() / 1e3 * (1 - now.share()) / now.share();
        return ", " + ProgressLog.shown(Duration.ofSeconds(Math.round(seconds))) + " left";
    }

    /** Takes the bar away, so that a line can be printed. */
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
