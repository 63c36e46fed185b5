package dev.atmirror.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.net.FetchFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ConnectTimeoutException;
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

    /** Issue 12, C15. */
    @Test
    void predicate_ofEachCause_goesOnAfterAnAddress() {
        assertThat(said(new ConnectException("Connect to http://h.test:80 [h.test/127.0.0.1] failed: Connection refused")))
                .isEqualTo("refused the connection");
        assertThat(said(new UnknownHostException("h.test: Name or service not known")))
                .isEqualTo("has a host name that is not known (h.test: Name or service not known)");
        assertThat(said(new SSLHandshakeException("certificate expired")))
                .isEqualTo("failed the TLS handshake (certificate expired)");
        assertThat(said(new SocketTimeoutException("Read timed out"))).isEqualTo("did not answer in time");
        assertThat(said(new ConnectTimeoutException("Connect timed out"))).isEqualTo("did not accept the connection in time");
        assertThat(said(new NoRouteToHostException())).isEqualTo("cannot be reached");
    }

    private static String said(Exception cause) {
        return FetchFailure.of(new IllegalStateException(cause)).predicate();
    }

    @Test
    void of_noMessage_isTheKind() {
        assertThat(FetchFailure.of(new ConnectException()).message()).isEqualTo("unreachable");
    }
}
