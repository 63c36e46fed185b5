package dev.atmirror.plc;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RequestPaceTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private final RequestPace pace =
            new RequestPace(new PlcMetrics(new SimpleMeterRegistry()), InstantSource.fixed(NOW));

    private static Function<String, Optional<String>> headers(String... namesAndValues) {
        Map<String, String> map = namesAndValues.length == 2
                ? Map.of(namesAndValues[0], namesAndValues[1])
                : namesAndValues.length == 4
                        ? Map.of(namesAndValues[0], namesAndValues[1], namesAndValues[2], namesAndValues[3])
                        : Map.of();
        return name -> Optional.ofNullable(map.get(name));
    }

    private static String in(long seconds) {
        return String.valueOf(NOW.plusSeconds(seconds).getEpochSecond());
    }

    private Duration wait429(String... headers) {
        pace.failed(429, "status_429", headers(headers));
        return Duration.ofMillis(pace.nextFree());
    }

    @Test
    void answered_plentyLeft_doesNotWait() {
        pace.answered(headers("ratelimit-remaining", "400", "ratelimit-reset", in(100)));
        assertThat(pace.nextFree()).isZero();
    }

    @Test
    void answered_littleLeft_spreadsItOverTheWindow() {
        pace.answered(headers("ratelimit-remaining", "10", "ratelimit-reset", in(100)));
        assertThat(pace.nextFree()).isEqualTo(10_000);
    }

    @Test
    void answered_nothingLeft_waitsForTheNextWindow() {
        pace.answered(headers("ratelimit-remaining", "0", "ratelimit-reset", in(100)));
        assertThat(pace.nextFree()).isEqualTo(100_000);
    }

    @Test
    void answered_resetAsSecondsFromNow_isUnderstood() {
        pace.answered(headers("ratelimit-remaining", "1", "ratelimit-reset", "30"));
        assertThat(pace.nextFree()).isEqualTo(30_000);
    }

    @Test
    void answered_nonsenseHeaders_areBounded() {
        pace.answered(headers("ratelimit-remaining", "0", "ratelimit-reset", "99999999999999999"));
        assertThat(Duration.ofMillis(pace.nextFree())).isLessThanOrEqualTo(Duration.ofMinutes(15));
        pace.answered(headers("ratelimit-remaining", "-3", "ratelimit-reset", "soon"));
    }

    @Test
    void failed_retryAfterSeconds_isWaitedOut() {
        assertThat(wait429("retry-after", "17")).isEqualTo(Duration.ofSeconds(17));
    }

    @Test
    void failed_retryAfterDate_isWaitedOut() {
        assertThat(wait429("retry-after", "Thu, 1 Jan 2026 12:00:42 GMT")).isEqualTo(Duration.ofSeconds(42));
    }

    @Test
    void failed_retryAfterZeroOrPast_stillPauses() {
        assertThat(wait429("retry-after", "0")).isEqualTo(Duration.ofSeconds(1));
        assertThat(wait429("retry-after", "Thu, 1 Jan 2026 11:00:00 GMT")).isEqualTo(Duration.ofSeconds(1));
        assertThat(wait429("retry-after", "-5")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void failed_retryAfterForAges_isBounded() {
        assertThat(wait429("retry-after", "99999999999")).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void failed_429WithResetOnly_waitsForTheReset() {
        assertThat(wait429("ratelimit-reset", in(60))).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void failed_againAndAgain_backsOffUpToABound() {
        for (long seconds : new long[] {1, 2, 4, 8, 16, 32, 64, 120, 120}) {
            pace.failed(500, "status_5xx", headers());
            assertThat(Duration.ofMillis(pace.nextFree())).isEqualTo(Duration.ofSeconds(seconds));
        }
    }

    @Test
    void answered_afterFailures_beginsTheBackoffAnew() {
        RequestPace fresh = new RequestPace(new PlcMetrics(new SimpleMeterRegistry()), InstantSource.fixed(NOW));
        fresh.failed(500, "status_5xx", headers());
        fresh.answered(headers());
        fresh.failed(500, "status_5xx", headers());
        assertThat(fresh.nextFree()).isEqualTo(1000);
    }
}
