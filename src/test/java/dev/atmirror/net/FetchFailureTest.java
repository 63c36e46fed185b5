package dev.atmirror.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.net.FetchFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class FetchFailureTest {
    @Test
    void of_wrappedCause_isFound() {
        Throwable wrapped = new IllegalStateException(new RuntimeException("x", new TooLarge(5)));
        assertThat(FetchFailure.of(wrapped)).isEqualTo(new FetchFailure(Kind.TOO_LARGE, "too large: more than 5 bytes"));
    }

    @Test
    void of_anythingElse_isOther() {
        assertThat(FetchFailure.of(new IOException("disk full")))
                .isEqualTo(new FetchFailure(Kind.OTHER, "failed: java.io.IOException: disk full"));
    }

    @Test
    void of_hostileMessage_isOneShortCleanLine() {
        String message = FetchFailure.of(new ConnectException("a\0b\r\n\u202ec" + "x".repeat(10_000))).message();
        assertThat(message).startsWith("unreachable: a b cxxx").hasSize(200).matches("[ -~]+");
    }

    @Test
    void of_causesInACircle_ends() {
        Exception one = new Exception("one");
        Exception other = new Exception("other", one);
        one.initCause(other);
        assertThat(FetchFailure.of(one).kind()).isEqualTo(Kind.OTHER);
    }

    @Test
    void of_noMessage_isTheKind() {
        assertThat(FetchFailure.of(new ConnectException()).message()).isEqualTo("unreachable");
    }
}
