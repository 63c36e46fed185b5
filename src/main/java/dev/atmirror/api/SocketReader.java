package dev.atmirror.api;

import dev.atmirror.identity.Json;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.function.Function;

/**
 * One WebSocket that follows changes. All that it does runs on its own event loop, one step after the other: reading,
 * sending, and when the socket has taken that, reading on, until nothing is left; then it waits to be woken.
 */
final class ChangeReader {
    private static final short GOING_AWAY = 1001;

    private final ServerWebSocket socket;
    private final Context context;
    private final Function<Place, Future<Batch>> source;
    private Place place;
    private ChangeCursor told;
    private boolean busy;
    private boolean woken;

    /** How far, and what is wanted. */
    record Place(ChangeCursor from, ChangeFilter filter) {}

    /** @param more whether there was more to look at */
    record Batch(List<String> lines, ChangeCursor next, boolean more) {}

    ChangeReader(ServerWebSocket socket, Context context, Place place, Function<Place, Future<Batch>> source) {
        this.socket = socket;
        this.context = context;
        this.place = place;
        this.told = place.from();
        this.source = source;
    }

    /** There may be something new. From whatever thread. */
    void wake() {
        context.runOnContext(now -> {
            woken = true;
            read();
        });
    }

    private void read() {
        if (busy || !woken || socket.isClosed()) {
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

    private void send(Batch batch) {
        if (socket.isClosed()) {
            return;
        }
        batch.lines().forEach(socket::writeTextMessage);
        place = new Place(batch.next(), place.filter());
        if (!batch.lines().isEmpty()) {
            told = batch.next();
        }
        woken |= batch.more();
        if (socket.writeQueueFull()) {
            socket.drainHandler(drained -> read());
        } else {
            read();
        }
    }

    /** Keeps the connection, says how far it is to whoever wants little of what there is, and reads again what failed. */
    void ping() {
        wake();
        context.runOnContext(now -> {
            if (socket.isClosed()) {
                return;
            }
            socket.writePing(Buffer.buffer());
            if (!told.equals(place.from()) && !socket.writeQueueFull()) {
                told = place.from();
                socket.writeTextMessage(Json.write(ChangeAnswers.where(told)));
            }
        });
    }

    void close() {
        context.runOnContext(now -> socket.close(GOING_AWAY, "the mirror stops"));
    }
}
