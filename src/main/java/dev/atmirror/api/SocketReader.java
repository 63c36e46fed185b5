package dev.atmirror.api;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.function.Function;

/**
 * One WebSocket that follows something which grows. All that it does runs on its own event loop, one step after the other:
 * reading, sending, and when the socket has taken that, reading on, until nothing is left; then it waits to be woken. So a
 * slow reader costs one batch of memory and falls behind by itself; one that takes nothing at all is dropped.
 *
 * @param <P> where it stands
 */
final class SocketReader<P> {
    static final short NORMAL = 1000; // with a reason, as the directory's stream ends
    private static final short GOING_AWAY = 1001;

    private final ServerWebSocket socket;
    private final Context context;
    private final Function<P, Future<Batch<P>>> source;
    private final Function<P, String> mark;
    private P place;
    private P told;
    private boolean busy;
    private boolean woken;
    private boolean stuck;

    /** @param more whether there was more to look at */
    record Batch<P>(List<String> lines, P next, boolean more) {}

    /** @param mark the message that says how far a reader is whose filter passes over all that there is */
    SocketReader(
            ServerWebSocket socket, Context context, P place, Function<P, Future<Batch<P>>> source, Function<P, String> mark) {
        this.socket = socket;
        this.context = context;
        this.place = place;
        this.told = place;
        this.source = source;
        this.mark = mark;
    }

    /** There may be something new. From whatever thread. */
    void wake() {
        context.runOnContext(now -> {
            woken = true;
            read();
        });
    }

    private void read() {
        if (busy || !woken || socket.isClosed() || socket.writeQueueFull()) {
            return;
        }
        busy = true;
        woken = false;
        source.apply(place).onComplete(done -> context.runOnContext(now -> {
            busy = false;
            if (done.succeeded()) {
                send(done.result());
            }
        }));
    }

    private void send(Batch<P> batch) {
        if (socket.isClosed()) {
            return;
        }
        batch.lines().forEach(socket::writeTextMessage);
        place = batch.next();
        if (!batch.lines().isEmpty()) {
            told = place;
        }
        woken |= batch.more();
        if (socket.writeQueueFull()) {
            socket.drainHandler(drained -> {
                stuck = false;
                read();
            });
        } else {
            read();
        }
    }

    /**
     * To be called now and then. Keeps the connection, says how far it is, and reads again what failed. Who has taken nothing
     * of what waited at the last call is dropped; the cursor of the last line that came leads on from there.
     */
    void ping() {
        wake();
        context.runOnContext(now -> {
            if (socket.isClosed()) {
                return;
            }
            if (socket.writeQueueFull()) {
                if (stuck) {
                    socket.close(NORMAL, "ConsumerTooSlow");
                }
                stuck = true;
                return;
            }
            stuck = false;
            socket.writePing(Buffer.buffer());
            if (!told.equals(place)) {
                told = place;
                socket.writeTextMessage(mark.apply(told));
            }
        });
    }

    void close() {
        context.runOnContext(now -> socket.close(GOING_AWAY, "the mirror stops"));
    }
}
