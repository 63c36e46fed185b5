package dev.atmirror.cli;

import dev.atmirror.plc.ExportFormat.Printed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far an export is: a line every few seconds, as the terminal, if there is one, belongs to the export. */
final class ExportProgressLog {
    private static final Duration LINE_EVERY = Duration.ofSeconds(10);
    private static final int LOOK_EVERY = 1_000; // operations
    private static final Logger LOG = LoggerFactory.getLogger(ExportProgressLog.class);

    private final InstantSource clock;
    private final Instant start;
    private Instant lastLine;
    private long written;
    private long lastWritten;

    ExportProgressLog(InstantSource clock) {
        this.clock = clock;
        this.start = clock.instant();
        this.lastLine = start;
    }

    void wrote(Printed operation) {
        if (++written % LOOK_EVERY == 0 && Duration.between(lastLine, clock.instant()).compareTo(LINE_EVERY) >= 0) {
            line(operation);
        }
    }

    private void line(Printed operation) {
        Instant now = clock.instant();
        long rate = rate(written - lastWritten, lastLine, now);
        LOG.info(
                "{} operations exported, {}/s, at seq {}, {}",
                ProgressLog.number(written),
                ProgressLog.number(rate),
                operation.seq(),
                operation.createdAt());
        lastLine = now;
        lastWritten = written;
    }

    private static long rate(long operations, Instant from, Instant to) {
        return Math.round(operations * 1e3 / Math.max(1, Duration.between(from, to).toMillis()));
    }

    void end() {
        Instant now = clock.instant();
        LOG.info(
                "{} operations exported in {}, {}/s",
                ProgressLog.number(written),
                ProgressLog.shown(Duration.between(start, now)),
                ProgressLog.number(rate(written, start, now)));
    }
}
