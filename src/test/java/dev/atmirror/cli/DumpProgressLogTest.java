package dev.atmirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.snapshot.DumpProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DumpProgressLogTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-04T05:06:07Z"));

    @Test
    void line_ofADumpUnderWay_saysRateShareAndTimeLeft() {
        DumpProgress first = new DumpProgress("plc_log_entries", 1, 2, 300_000_000, 0.25);
        DumpProgress second = new DumpProgress("plc_log_entries", 1, 2, 500_000_000, 0.5);
        try (DumpProgressLog log = new DumpProgressLog(now::get, () -> first)) {
            pass(10);
            assertThat(log.line(first)).isEqualTo("plc_log_entries (1 of 2): 300.0 MB dumped, 30.0 MB/s, 25 %, 30 s left");
            pass(10);
            assertThat(log.line(second)).isEqualTo("plc_log_entries (1 of 2): 500.0 MB dumped, 20.0 MB/s, 50 %, 20 s left");
        }
    }

    @Test
    void line_beforeAnythingIsKnown_promisesNothing() {
        DumpProgress begun = new DumpProgress("all", 1, 1, 0, 0);
        try (DumpProgressLog log = new DumpProgressLog(now::get, () -> begun)) {
            pass(10);
            assertThat(log.line(begun)).isEqualTo("all: 0.0 kB dumped, 0.0 MB/s, 0 %");
        }
    }

    private void pass(long seconds) {
        now.updateAndGet(at -> at.plus(Duration.ofSeconds(seconds)));
    }
}
