package dev.atmirror.net;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A WebSocket read as whole text messages. Bounded: when nobody takes, no more is read from the network, and the other
 * side decides what to do with a slow consumer. Silence is tested by pings.
 */
public final class LineSocket implements AutoCloseable {
    private static final int QUEUE = 2_000;
    private static final int MAX_MESSAGE = 1 << 20; // characters; an operation has less than 4,000 today
    private static final Duration PING_EVERY = Duration.ofSeconds(15);
    private static final Duration DEAD_AFTER = Duration.ofSeconds(45);

    private final BlockingQueue<String> messages = new ArrayBlockingQueue<>(QUEUE);
    private volatile Optional<String> closeReason = Optional.empty();
    private volatile long lastHeard = System.nanoTime();
    private volatile WebSocket socket;
    private long lastPing = System.nanoTime();

    private LineSocket() {}

    /** The other side does not upgrade, or cannot be reached. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    public static LineSocket open(URI uri, String userAgent, Duration timeout) throws Refused {
        LineSocket line = new LineSocket();
        HttpClient client = HttpClient.newBuilder().connectTimeout(timeout).build();
        try {
            line.socket = client.newWebSocketBuilder()
                    .header("User-Agent", userAgent)
                    .connectTimeout(timeout)
                    .buildAsync(uri, line.new Listener())
                    .get(timeout.toMillis() * 2, TimeUnit.MILLISECONDS);
            return line;
        } catch (ExecutionException | CompletionException e) {
            Throwable cause = e.getCause();
            throw new Refused(
                    cause instanceof WebSocketHandshakeException handshake
                            ? "status " + handshake.getResponse().statusCode()
                            : FetchFailure.of(cause).message());
        } catch (TimeoutException e) {
            throw new Refused("no answer to the upgrade");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("interrupted");
        }
    }

    /** Waits at most {@code wait} for the first message, then takes what is there, up to {@code most}. */
    public List<String> take(int most, Duration wait) {
        keepAlive();
        List<String> taken = new ArrayList<>();
        try {
            String first = messages.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
            if (first != null) {
                taken.add(first);
                messages.drainTo(taken, most - 1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return taken;
    }

    private void keepAlive() {
        long now = System.nanoTime();
        if (now - lastHeard > DEAD_AFTER.toNanos()) {
            closeReason = Optional.of(closeReason.orElse("silent"));
        } else if (now - lastPing > PING_EVERY.toNanos() && now - lastHeard > PING_EVERY.toNanos()) {
            lastPing = now;
            socket.sendPing(ByteBuffer.allocate(0));
        }
    }

    /** Whether the other side has been heard of lately, be it by a pong. */
    public boolean isAlive() {
        return closeReason.isEmpty() && System.nanoTime() - lastHeard < 2 * PING_EVERY.toNanos();
    }

    /** Why the socket closed, once it has and every message before that is taken. */
    public Optional<String> closeReason() {
        return messages.isEmpty() ? closeReason : Optional.empty();
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder partial = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            lastHeard = System.nanoTime();
            partial.append(data);
            if (partial.length() > MAX_MESSAGE) {
                closeReason = Optional.of("message too large");
                webSocket.abort();
                return null;
            }
            if (last) {
                try {
                    messages.put(partial.toString()); // Blocks when full: no more is requested meanwhile.
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    webSocket.abort();
                }
                partial.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
            lastHeard = System.nanoTime();
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closeReason = Optional.of(reason.isEmpty() ? "closed with " + statusCode : reason);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closeReason = Optional.of(String.valueOf(error.getMessage()));
        }
    }
}
