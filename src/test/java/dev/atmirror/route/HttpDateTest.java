package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class HttpDateTest {
    private Instant time = Instant.parse("2026-01-02T03:04:05.999Z");

    @Test
    void now_anyMoment_isWrittenInTheFixedLengthOfHttp() {
        HttpDate date = new HttpDate(() -> time);
        assertThat(date.now()).isEqualTo("Fri, 02 Jan 2026 03:04:05 GMT").isSameAs(date.now());
        time = time.plusMillis(1);
        assertThat(date.now()).isEqualTo("Fri, 02 Jan 2026 03:04:06 GMT");
    }
}
