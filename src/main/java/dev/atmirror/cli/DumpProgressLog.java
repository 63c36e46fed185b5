package dev.atmirror.cli;

import dev.atmirror.cli.SnapshotBar.State;
import dev.atmirror.snapshot.DumpProgress;
import dev.atmirror.snapshot.SnapshotRun;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far dumping is: a bar with rate and time left on a terminal, a line every few seconds elsewhere. */
final class DumpProgressLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DumpProgressLog.class);

    private final InstantSource clock;
    private final Supplier<DumpProgress> source;
    private final Instant start;
    private final SnapshotBar bar = new SnapshotBar();
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
        log.bar.start(log::show);
        return log;
    }

    synchronized void show() {
        DumpProgress now = source.get();
        if (TerminalBar.onTerminal()) {
            bar.draw(drawn(now));
        } else if (Duration.between(lastLine, clock.instant()).compareTo(SnapshotBar.LINE_EVERY) >= 0) {
            LOG.info(line(now));
        }
    }

    ProgressLine drawn(DumpProgress now) {
        State state = state(now);
        List<String> facts = new ArrayList<>(List.of(SnapshotRun.bytes(now.plainBytes())));
        state.timeLeft().ifPresent(facts::add);
        facts.add(String.format(Locale.ROOT, "%.1f MB/s", now.plainBytes() / SnapshotBar.MEGABYTE / state.seconds()));
        facts.add(place(now));
        return new ProgressLine("snapshot", ProgressLine.unfinished(now.share()), facts);
    }

    private State state(DumpProgress now) {
        return new State(now.plainBytes(), now.share(), Duration.between(start, clock.instant()));
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
                (now.plainBytes() - lastBytes) / SnapshotBar.MEGABYTE / seconds,
                Math.floor(100 * ProgressLine.unfinished(now.share()).orElse(0)),
                state(now).left());
        lastLine = instant;
        lastBytes = now.plainBytes();
        return line;
    }

    private static String place(DumpProgress now) {
        return now.name() + (now.of() > 1 ? " (" + now.number() + " of " + now.of() + ")" : "");
    }

    /** Takes the bar away, so that a line can be printed; it comes again by itself. */
    synchronized void pause() {
        bar.pause();
    }

    @Override
    public synchronized void close() {
        bar.close();
    }
}
