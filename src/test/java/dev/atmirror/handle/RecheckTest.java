package dev.atmirror.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecheckTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final double MIDDLE = 0.5;

    private static Duration wait(HandleResult result, Duration age) {
        return Duration.between(NOW, Recheck.of(result, NOW.minus(age), NOW, LONGEST, MIDDLE).again());
    }

    @Test
    void of_whatChangedJustNow_isCheckedWithinMinutesThenHours() {
        assertThat(wait(HandleResult.VALID, Duration.ZERO)).isEqualTo(Duration.ofMinutes(10));
        assertThat(wait(HandleResult.VALID, Duration.ofMinutes(20))).isEqualTo(Duration.ofHours(1));
        assertThat(wait(HandleResult.NO_RECORD, Duration.ofMinutes(20))).isEqualTo(Duration.ofMinutes(20));
        assertThat(wait(HandleResult.VALID, Duration.ofHours(5))).isEqualTo(Duration.ofHours(15));
    }

    @Test
    void of_whatStays_isCheckedRarely() {
        assertThat(wait(HandleResult.VALID, Duration.ofDays(9))).isEqualTo(Duration.ofDays(27));
        assertThat(wait(HandleResult.VALID, Duration.ofDays(3_000))).isEqualTo(LONGEST);
        assertThat(wait(HandleResult.RESERVED, Duration.ofDays(3_000))).isEqualTo(LONGEST);
        assertThat(Recheck.of(HandleResult.VALID, Instant.EPOCH, NOW, LONGEST, MIDDLE).again()).isEqualTo(NOW.plus(LONGEST));
    }

    @Test
    void of_whatWasCheckedTogether_isSpread() {
        Instant early = Recheck.of(HandleResult.VALID, Instant.EPOCH, NOW, LONGEST, 0).again();
        Instant late = Recheck.of(HandleResult.VALID, Instant.EPOCH, NOW, LONGEST, 1).again();
        assertThat(Duration.between(early, late)).isEqualTo(Duration.ofDays(9));
    }

    @Test
    void of_aDateInTheFuture_countsAsNow() {
        assertThat(wait(HandleResult.VALID, Duration.ofDays(-5))).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void fresh_isWhatChangedWithinADay() {
        assertThat(Recheck.of(HandleResult.VALID, NOW.minus(Duration.ofHours(23)), NOW, LONGEST, MIDDLE).fresh()).isTrue();
        assertThat(Recheck.of(HandleResult.VALID, NOW.minus(Duration.ofHours(25)), NOW, LONGEST, MIDDLE).fresh()).isFalse();
        Recheck failed = Recheck.afterFailure(NOW, NOW, Duration.ofMinutes(15));
        assertThat(failed).isEqualTo(new Recheck(NOW.plus(Duration.ofMinutes(15)), true));
    }
}
