package dev.atmirror.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private final Backoff backoff = new Backoff(new Random(1));

    @ParameterizedTest
    @CsvSource({
        "-1,PT1M,PT2M", "0,PT1M,PT2M", "1,PT1M,PT2M", "2,PT2M,PT4M", "5,PT16M,PT32M", "9,PT256M,PT512M", "10,PT6H,PT12H",
        "50,PT6H,PT12H", "2147483647,PT6H,PT12H"
    })
    void next_failures_liesBetween(int failures, Duration least, Duration most) {
        assertThat(IntStream.range(0, 1_000).mapToObj(i -> backoff.next(failures)))
                .allSatisfy(wait -> assertThat(wait).isBetween(least, most));
    }

    @Test
    void next_hostsThatFailedTogether_comeApart() {
        assertThat(IntStream.range(0, 100).mapToObj(i -> backoff.next(20)).distinct().count()).isGreaterThan(95);
    }
}
