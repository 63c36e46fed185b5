package dev.atmirror.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far reading the log is: a bar with rate and ETA on a terminal, a line every few seconds elsewhere. */
final class ProgressLog implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration LINE_EVERY = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(ProgressLog.class);

    private final Program program;
    private final Program.Mirroring mirroring;
    private final Instant start;
    private final TerminalBar bar = new TerminalBar();
    private boolean interrupted;
    private volatile boolean ended;
    private Instant lastLine;
    private long first = -1; // seq at the start, since a resumed run has not read what came before
    private long lastStored;

    ProgressLog(Program program, Program.Mirroring mirroring) {
        this.program = program;
        this.mirroring = mirroring;
        this.start = program.clock().instant();
        this.lastLine = start;
    }

    /** Shows progress until everything that the upstream has is stored. */
    void whileBehind() throws InterruptedException {
        Program.Progress now = mirroring.progress();
        while (!now.caughtUp()) {
            Thread.sleep(LOOK.toMillis());
            now = mirroring.progress();
            if (!now.caughtUp()) {
                show(now);
            }
        }
        if (isInterrupted()) {
            return; // said already
        }
        if (now.stored() > 0 && TerminalBar.onTerminal()) {
            bar.show(drawn(now));
        }
        bar.finish();
        ended = true;
        LOG.info("caught up: {} operations stored in {}", number(now.stored()), shown(Duration.between(start, program.clock().instant())));
    }

    /** Stops reading, and says how far it came. */
    void interrupt() {
        quiet();
        mirroring.close();
        if (ended) {
            return; // there is nothing to say: the command is over
        }
        LOG.info(
                "interrupted: {} operations stored in {}; the next start goes on behind {}",
                number(mirroring.progress().stored()),
                shown(Duration.between(start, program.clock().instant())),
                mirroring.stored());
    }

    /** Shows nothing more, so that others can say how it ended. */
    synchronized void quiet() {
        interrupted = true;
        bar.close();
    }

    private synchronized boolean isInterrupted() {
        return interrupted;
    }

    private synchronized void show(Program.Progress now) {
        if (interrupted) {
            return;
        }
        if (now.seq() > 0 && first < 0) {
            first = now.seq();
        }
        if (TerminalBar.onTerminal()) {
            draw(now);
        } else if (Duration.between(lastLine, program.clock().instant()).compareTo(LINE_EVERY) >= 0) {
            line(now);
        }
    }

    private void draw(Program.Progress now) {
        if (now.stored() > 0) { // what is logged at the beginning would stand across the bar
            bar.show(drawn(now));
        }
    }

    ProgressLine drawn(Program.Progress now) {
        double seconds = Math.max(1e-3, Duration.between(start, program.clock().instant()).toMillis() / 1e3);
        List<String> facts = new ArrayList<>(List.of(number(now.stored()) + " operations"));
        eta(now).ifPresent(left -> facts.add(shown(left) + " left"));
        if (waits(now)) {
            facts.add("waiting " + shown(now.waiting()));
        }
        facts.add(number(Math.round(now.stored() / seconds)) + "/s");
        facts.add(at(now));
        OptionalDouble share = now.head().isPresent()
                ? ProgressLine.unfinished((double) now.stored() / total(now, now.head().getAsLong()))
                : OptionalDouble.empty();
        return new ProgressLine(Optional.ofNullable(program.upstream().getHost()).orElse("plc-logs"), share, facts);
    }

    private static boolean waits(Program.Progress now) {
        return now.waiting().compareTo(Duration.ofSeconds(2)) > 0;
    }

    /** Of operations, not of numbers, which have gaps: as many again for each number as so far. */
    private long total(Program.Progress now, long head) {
        double density = now.seq() > first ? Math.min(1, (double) now.stored() / (now.seq() - first)) : 1;
        return Math.max(1, now.stored() + Math.round(density * Math.max(0, head - now.seq())));
    }

    private void line(Program.Progress now) {
        Instant instant = program.clock().instant();
        double seconds = Math.max(1e-3, Duration.between(lastLine, instant).toMillis() / 1e3);
        long rate = Math.round((now.stored() - lastStored) / seconds);
        lastLine = instant;
        boolean waits = waits(now);
        if (now.stored() == lastStored && !waits) {
            return; // Switched off, or another process writes: said once elsewhere.
        }
        String waiting = waits ? ", waiting " + shown(now.waiting()) + " " + now.reason() : "";
        LOG.info(
                "{} operations stored, {}/s, {}{}{}",
                number(now.stored()),
                number(rate),
                at(now),
                eta(now).map(left -> ", " + shown(left) + " left").orElse(""),
                waiting);
        lastStored = now.stored();
    }

    private static String at(Program.Progress now) {
        return now.time().equals(Instant.EPOCH) ? "at the beginning" : "at " + now.time().toString().substring(0, 10);
    }

    /** By sequence numbers, as the log grew ever faster: reckoned by its dates the end would seem near for hours. */
    private Optional<Duration> eta(Program.Progress now) {
        Duration spent = Duration.between(start, program.clock().instant());
        if (now.head().isEmpty() || first < 0 || now.seq() <= first || spent.toSeconds() < 2) {
            return Optional.empty();
        }
        double share = (double) (now.head().getAsLong() - now.seq()) / (now.seq() - first);
        return Optional.of(Duration.ofSeconds(Math.max(0, Math.round(spent.toMillis() / 1e3 * share))));
    }

    static String shown(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : String.format(Locale.ROOT, "%.1f h", seconds / 3600.0);
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    @Override
    public void close() {
        bar.close();
    }
}
