package dev.atmirror.net;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Very many small questions to one server that the operator chose, by HTTP/2 where it can, bounded in time and size. A
 * connection over which a question was not answered in time is given up: the next question goes over a new one. Else all that
 * follow would wait on the same dead connection, as the client keeps it.
 */
public final class HttpQuestions {
    private static final int LARGEST_BODY = 1 << 16; // of a DNS message

    private final Duration connect;
    private final AtomicReference<HttpClient> client;

    /** @param connect time to connect in */
    public HttpQuestions(Duration connect) {
        this.connect = connect;
        this.client = new AtomicReference<>(fresh());
    }

    private HttpClient fresh() {
        return HttpClient.newBuilder().connectTimeout(connect).build();
    }

    /** @param headers by lower-case name */
    public record Reply(int status, Map<String, String> headers, byte[] body) {}

    /** @param type of media that is asked for @return fails with an IOException */
    public CompletableFuture<Reply> get(URI uri, String type, Duration patience) {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(patience).header("Accept", type).build();
        HttpClient used = client.get();
        return used.sendAsync(request, head -> new Bounded())
                .thenApply(HttpQuestions::reply)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(understood(failure, used)));
    }

    private IOException understood(Throwable failure, HttpClient used) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)) {
            client.compareAndSet(used, fresh());
        }
        if (cause instanceof HttpTimeoutException) {
            return new SocketTimeoutException("no answer in time");
        }
        return cause instanceof IOException io ? io : new IOException("the request failed", cause);
    }

    private static Reply reply(HttpResponse<byte[]> response) {
        Map<String, String> headers = new HashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        return new Reply(response.statusCode(), headers, response.body());
    }

    /** Takes no more than a body may have. */
    private static final class Bounded implements HttpResponse.BodySubscriber<byte[]> {
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private final ByteBuffer body = ByteBuffer.allocate(LARGEST_BODY);
        private Flow.Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> parts) {
            for (ByteBuffer part : parts) {
                if (part.remaining() > body.remaining()) {
                    subscription.cancel();
                    onError(new IOException("an answer of more than " + LARGEST_BODY + " bytes"));
                    return;
                }
                body.put(part);
            }
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            byte[] bytes = new byte[body.position()];
            body.flip().get(bytes);
            whole.complete(bytes);
        }
    }
}
