package dev.atmirror.route;

import dev.atmirror.plc.UpstreamFailure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * Bean {@code upstreamClient}: what the HTTP client must not do by itself. It would repeat requests answered with 429
 * or 503 unseen by pace and metrics; and it reads a body to its end before it lets go of the connection, so that an
 * endless one would hold it for ever: past a bound of size or time the connection is cut.
 */
public final class UpstreamClient implements HttpClientConfigurer {
    private static final int MAX_BODY = 64 << 20; // 1,000 lines are 0.7 MB; nothing honest comes near
    private static final Duration MAX_TIME = Duration.ofMinutes(5); // the socket's timeout starts anew with every byte

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.disableAutomaticRetries().addExecInterceptorFirst("bound-body", UpstreamClient::bound);
    }

    private static ClassicHttpResponse bound(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse response = chain.proceed(request, scope);
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            response.setEntity(new HttpEntityWrapper(entity) {
                @Override
                public InputStream getContent() throws IOException {
                    return new Bounded(super.getContent(), scope.execRuntime);
                }
            });
        }
        return response;
    }

    private static final class Bounded extends FilterInputStream {
        private final ExecRuntime connection;
        private final long start = System.nanoTime();
        private long read;

        Bounded(InputStream in, ExecRuntime connection) {
            super(in);
            this.connection = connection;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int n = super.read(bytes, from, length);
            read += Math.max(0, n);
            if (read > MAX_BODY) {
                throw cut("too_large", "a page of more than " + MAX_BODY + " bytes");
            }
            if (System.nanoTime() - start > MAX_TIME.toNanos()) {
                throw cut("too_slow", "a page that takes more than " + MAX_TIME.toMinutes() + " minutes");
            }
            return n;
        }

        private UpstreamFailure cut(String kind, String message) {
            connection.discardEndpoint();
            return new UpstreamFailure(kind, message);
        }
    }
}
