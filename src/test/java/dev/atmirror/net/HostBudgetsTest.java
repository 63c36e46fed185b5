package dev.atmirror.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostBudgetsTest {
    private static final Instant T0 = Instant.parse("2026-11-24T08:00:00Z");
    private static final String KEY = "pds.example";
    private static final Map<String, String> NONE = Map.of();

    private Instant now = T0;
    private final InstantSource clock = () -> now;
    private final HostBudgets budgets = new HostBudgets(10, clock, new Random(1));

    @Test
    void take_withoutHeaders_isSpacedByTheRate() {
        assertThat(take(4)).containsExactly(millis(0), millis(100), millis(200), millis(300));
        pass(millis(250));
        assertThat(budgets.take(KEY)).isEqualTo(millis(150));
    }

    @Test
    void take_afterLongSilence_neverBursts() {
        take(1);
        pass(Duration.ofMinutes(30));
        assertThat(take(3)).containsExactly(millis(0), millis(100), millis(200));
    }

    @Test
    void take_otherKey_isIndependent() {
        take(5);
        assertThat(budgets.take("other.example")).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "3000;w=300 | 111", // 9 in 1 s
        "300;w=300 | 1111",
        "\"default\";q=300;w=300 | 1111",
        "3000;w=300, 30;w=60 | 2222",
        "30000;w=300 | 100", // more than our own rate
        "1;w=86400 | 66666", // bounded: a minute, and the spare
    })
    void take_policy_slowsToNineTenths(String policy, long spacing) {
        budgets.answered(KEY, 200, Map.of("ratelimit-policy", policy));
        assertThat(take(2).get(1).toMillis()).isEqualTo(spacing);
    }

    @Test
    void take_limitAndPolicy_goesByTheLimit() {
        budgets.answered(KEY, 200, Map.of("ratelimit-limit", "100", "ratelimit-policy", "3000;w=300"));
        assertThat(take(2).get(1).toMillis()).isEqualTo(3_333);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0;w=300", "3000;w=0", "-5;w=300", "3000", "w=300", "x;w=y", "99999999999999999999;w=1", "\0"})
    void take_senselessPolicy_changesNothing(String policy) {
        budgets.answered(KEY, 200, Map.of("ratelimit-policy", policy));
        assertThat(take(2).get(1)).isEqualTo(millis(100));
    }

    @Test
    void take_littleRemaining_isSpreadUntilTheReset() {
        budgets.answered(KEY, 200, Map.of("ratelimit-remaining", "9", "ratelimit-reset", epoch(T0.plusSeconds(81))));
        assertThat(take(4)).containsExactly(millis(0), Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(30));
    }

    @Test
    void take_behindTheReset_isFastAgain() {
        budgets.answered(KEY, 200, Map.of("ratelimit-remaining", "2", "ratelimit-reset", "20"));
        assertThat(take(5).stream().map(Duration::toMillis)).containsExactly(0L, 11_111L, 20_000L, 20_100L, 20_200L);
    }

    @Test
    void take_muchRemaining_keepsTheRate() {
        budgets.answered(KEY, 200, Map.of("ratelimit-remaining", "2999", "ratelimit-reset", "10"));
        assertThat(take(2).get(1)).isEqualTo(millis(100));
    }

    @Test
    void answered_nothingRemaining_pausesUntilTheReset() {
        budgets.answered(KEY, 200, Map.of("ratelimit-remaining", "0", "ratelimit-reset", epoch(T0.plusSeconds(60))));
        assertThat(budgets.pausedFor(KEY)).isEqualTo(Duration.ofSeconds(60));
        assertThat(take(2)).containsExactly(Duration.ofSeconds(60), millis(60_100));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "retry-after | 7 | 7",
        "retry-after | Tue, 24 Nov 2026 08:00:42 GMT | 42",
        "retry-after | Tue, 24 Nov 2026 12:00:00 GMT | 3600",
        "retry-after | 999999 | 3600",
        "retry-after | 999999999999999 | 3600",
        "ratelimit-reset | 15 | 15",
        "ratelimit-reset | 1795507215 | 15",
        "ratelimit-reset | 1795507215000 | 15",
        "ratelimit-reset | 99999999999 | 3600",
    })
    void answered_429_pausesAsAsked(String header, String value, long seconds) {
        budgets.answered(KEY, 429, Map.of(header, value));
        assertThat(budgets.pausedFor(KEY)).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(budgets.isPaused(KEY)).isTrue();
        pass(Duration.ofSeconds(seconds));
        assertThat(budgets.isPaused(KEY)).isFalse();
        assertThat(budgets.take(KEY)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "soon", "", "1e9", "99999999999999999999", "Tue, 24 Nov 2026 07:00:00 GMT", "Wed, 99 Nov"})
    void answered_429WithNonsense_pausesHalfAMinuteAndSome(String value) {
        budgets.answered(KEY, 429, Map.of("retry-after", value, "ratelimit-reset", "-1"));
        assertThat(budgets.pausedFor(KEY)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    @Test
    void answered_503_pausesOnlyIfItSaysHowLong() {
        budgets.answered(KEY, 503, NONE);
        assertThat(budgets.isPaused(KEY)).isFalse();
        budgets.answered(KEY, 503, Map.of("retry-after", "20"));
        assertThat(budgets.pausedFor(KEY)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void answered_lateAnswerDuringPause_doesNotEndIt() {
        budgets.answered(KEY, 429, Map.of("retry-after", "60"));
        budgets.answered(KEY, 200, Map.of("ratelimit-remaining", "100", "ratelimit-reset", "10"));
        assertThat(budgets.pausedFor(KEY)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void key_idleForAnHour_isForgotten() {
        budgets.answered(KEY, 200, Map.of("ratelimit-policy", "3;w=300"));
        pass(Duration.ofMinutes(61));
        assertThat(take(2).get(1)).isEqualTo(millis(100));
    }

    @Test
    void pausedFor_unknownKey_isZero() {
        assertThat(budgets.pausedFor("never.example")).isZero();
        assertThat(budgets.isPaused("never.example")).isFalse();
    }

    @Test
    void take_byManyThreads_givesEachItsOwnMoment() throws Exception {
        ConcurrentSkipListSet<Duration> moments = new ConcurrentSkipListSet<>();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        for (int i = 0; i < 8; i++) {
            threads.execute(() -> IntStream.range(0, 1_000).forEach(n -> moments.add(budgets.take(KEY))));
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(moments).hasSize(8_000);
        assertThat(moments.last()).isEqualTo(millis(799_900));
    }

    @Test
    void budgets_senselessRate_isRefused() {
        assertThatThrownBy(() -> new HostBudgets(0, clock, new Random())).hasMessageContaining("more than 0");
    }

    private List<Duration> take(int times) {
        return IntStream.range(0, times).mapToObj(i -> budgets.take(KEY)).toList();
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private static String epoch(Instant moment) {
        return String.valueOf(moment.getEpochSecond());
    }

    private static Duration millis(long n) {
        return Duration.ofMillis(n);
    }
}
