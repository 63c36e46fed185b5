package dev.atmirror.net;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * Bounds the whole of a request: redirects, dialling, TLS, headers and body. The client's own timeouts start anew with
 * every byte, so a host that sends one now and then would hold a connection for ever, and a limit of its own it has none
 * (HTTPCLIENT-1074). When the time is up the connection is cut under whoever waits for it, who sees {@link TooSlow}. A
 * body that nobody reads is cut then, too, and gives its connection back.
 */
final class TimeLimit implements ExecChainHandler {
    private final Duration most;
    private final ScheduledExecutorService timer;

    TimeLimit(Duration most, ScheduledExecutorService timer) {
        this.most = most;
        this.timer = timer;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Watch watch = new Watch(scope);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            HttpEntity entity = response.getEntity();
            if (entity == null) {
                watch.stop();
            } else {
                response.setEntity(new WatchedEntity(entity, watch));
            }
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            watch.stop();
            watch.checkTime(e);
            throw e;
        }
    }

    private final class Watch {
        private final ExecChain.Scope scope;
        private final Future<?> alarm;
        private volatile boolean over;

        Watch(ExecChain.Scope scope) {
            this.scope = scope;
            this.alarm = timer.schedule(this::cut, most.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void cut() {
            over = true;
            // Reaches every phase: the wait in the pool, the socket that is dialled, the handshake, the answer.
            if (scope.originalRequest instanceof Cancellable request) {
                request.cancel();
            }
            scope.execRuntime.discardEndpoint();
        }

        void stop() {
            alarm.cancel(false);
        }

        void checkTime(Exception cause) throws TooSlow {
            if (over) {
                throw new TooSlow(most, cause);
            }
        }
    }

    private static final class WatchedEntity extends HttpEntityWrapper {
        private final Watch watch;
        private InputStream content;

        WatchedEntity(HttpEntity entity, Watch watch) {
            super(entity);
            this.watch = watch;
        }

        /** The same each time, or whoever closes the entity would not know how far its reader came. */
        @Override
        public InputStream getContent() throws IOException {
            if (content == null) {
                content = new WatchedBody(super.getContent(), watch);
            }
            return content;
        }
    }

    private static final class WatchedBody extends FilterInputStream {
        private final Watch watch;

        WatchedBody(InputStream in, Watch watch) {
            super(in);
            this.watch = watch;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            try {
                int n = super.read(bytes, from, length);
                if (n < 0) {
                    watch.stop();
                } else {
                    watch.checkTime(null); // what is in memory already could go on for long, a gzip bomb for one
                }
                return n;
            } catch (IOException e) {
                watch.stop();
                watch.scope.execRuntime.discardEndpoint();
                watch.checkTime(e);
                throw e;
            }
        }

        /**
         * Cuts the connection first if the body was not read to its end: the client would read the rest, which may be
         * endless, to keep the connection.
         */
        @Override
        public void close() throws IOException {
            watch.stop();
            watch.scope.execRuntime.discardEndpoint();
            try {
                super.close();
            } catch (IOException e) {
                // The rest of a body on a connection that was just cut: nobody wanted it.
            }
        }
    }
}
