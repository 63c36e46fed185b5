package dev.atmirror.sandbox;

import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code /export/stream?cursor=}: the log behind a cursor and then whatever is committed, one message each. Every
 * stream reads the log at its own place, as fast as its client takes it; one that has once caught up and then falls
 * behind is closed. Runs on the event loop only.
 */
final class Streams {
    private static final short NORMAL = 1000; // all of the protocol's reasons come with this code
    private static final int BATCH = 500;
    private static final int SLOW = 500; // operations that a stream may fall behind, as in the reference

    private final SandboxLog log;
    private final InstantSource clock;
    private final Duration window;
    private final Set<Stream> open = ConcurrentHashMap.newKeySet();

    Streams(SandboxLog log, InstantSource clock, Duration window) {
        this.log = log;
        this.clock = clock;
        this.window = window;
    }

    int count() {
        return open.size();
    }

    /** Sends what has been committed since. */
    void advance() {
        open.forEach(Stream::advance);
    }

    void closeAll(String reason) {
        open.forEach(stream -> stream.close(reason));
    }

    void upgrade(RoutingContext context) {
        if (!"websocket".equalsIgnoreCase(context.request().getHeader("Upgrade"))) {
            Answers.message(context, 426, "upgrade required");
            return;
        }
        Optional<String> text = Query.single(context, "cursor");
        OptionalLong cursor = text.map(Query::leadingInteger).orElse(OptionalLong.empty());
        if (text.isPresent() && (cursor.isEmpty() || cursor.getAsLong() < 0)) {
            Answers.message(context, 400, "Invalid cursor parameter");
            return;
        }
        context.request().toWebSocket().onSuccess(socket -> begin(socket, cursor));
    }

    private void begin(ServerWebSocket socket, OptionalLong cursor) {
        Optional<String> refusal = cursor.isPresent() ? refusal(cursor.getAsLong()) : Optional.empty();
        if (refusal.isPresent()) {
            socket.close(NORMAL, refusal.get());
            return;
        }
        Stream stream = new Stream(socket, cursor.orElseGet(log::head));
        open.add(stream);
        socket.closeHandler(closed -> open.remove(stream));
        socket.drainHandler(drained -> stream.advance());
        stream.advance();
    }

    private Optional<String> refusal(long cursor) {
        if (cursor > log.head()) {
            return Optional.of("FutureCursor");
        }
        Instant oldest = clock.instant().minus(window);
        List<SandboxOperation> next = log.after(cursor, 1);
        return !next.isEmpty() && next.get(0).createdAt().isBefore(oldest)
                ? Optional.of("OutdatedCursor")
                : Optional.empty();
    }

    private final class Stream {
        private final ServerWebSocket socket;
        private long sent;
        private boolean live;

        Stream(ServerWebSocket socket, long cursor) {
            this.socket = socket;
            this.sent = cursor;
        }

        void advance() {
            while (!socket.isClosed() && !socket.writeQueueFull()) {
                List<SandboxOperation> batch = log.after(sent, BATCH);
                if (batch.isEmpty()) {
                    live = true;
                    return;
                }
                send(batch);
            }
            if (live && !socket.isClosed() && log.countAfter(sent) > SLOW) {
                close("ConsumerTooSlow");
            }
        }

        private void send(List<SandboxOperation> batch) {
            for (SandboxOperation operation : batch) {
                if (socket.isClosed() || socket.writeQueueFull()) {
                    return;
                }
                socket.writeTextMessage(operation.sequencedLine());
                sent = operation.seq();
            }
        }

        void close(String reason) {
            open.remove(this);
            socket.close(NORMAL, reason);
        }
    }
}
