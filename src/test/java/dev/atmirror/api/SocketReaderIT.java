package dev.atmirror.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One WebSocket whose other side takes its time, over a real socket that holds only so much. */
class SocketReaderIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong batches = new AtomicLong();
    private final AtomicReference<SocketReader<Long>> reader = new AtomicReference<>();
    private final AtomicReference<String> closed = new AtomicReference<>("");
    private HttpServer server;

    /** Endless: 100 lines of 1,000 characters for whoever takes them. */
    private Future<SocketReader.Batch<Long>> more(long place) {
        batches.incrementAndGet();
        return Future.succeededFuture(
                new SocketReader.Batch<>(Collections.nCopies(100, "x".repeat(1000)), place + 100, true));
    }

    @BeforeEach
    void listen() throws Exception {
        server = vertx.createHttpServer()
                .webSocketHandler(socket -> {
                    socket.closeHandler(end -> closed.set(socket.closeStatusCode() + " " + socket.closeReason()));
                    reader.set(new SocketReader<>(socket, vertx.getOrCreateContext(), 0L, this::more, String::valueOf));
                    reader.get().wake();
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        vertx.close();
    }

    private Socket connect() throws Exception {
        Socket socket = new Socket("127.0.0.1", server.actualPort());
        socket.getOutputStream()
                .write(("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void awaitFull() {
        Awaitility.await().atMost(PATIENCE).until(() -> batches.get() > 0);
        AtomicLong before = new AtomicLong(-1);
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> before.getAndSet(batches.get()) == batches.get());
    }

    @Test
    void reader_thatTakesNothing_costsNoMoreThanTheSocketHolds() throws Exception {
        try (Socket socket = connect()) {
            awaitFull();
            long held = batches.get();
            reader.get().wake();
            Awaitility.await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> batches.get() == held);
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void reader_thatTakesNothingBetweenTwoPings_isDroppedAndToldWhy() throws Exception {
        try (Socket socket = connect()) {
            awaitFull();
            reader.get().ping();
            reader.get().ping();
            Awaitility.await().atMost(PATIENCE).until(() -> lastOf(socket.getInputStream()).contains("ConsumerTooSlow"));
        }
    }

    /** The end of what comes until there is no more for now. */
    private static String lastOf(InputStream in) throws Exception {
        byte[] buffer = new byte[1 << 16];
        String last = "";
        while (in.available() > 0) {
            int read = in.read(buffer);
            last = new String(buffer, Math.max(0, read - 100), Math.min(100, read), StandardCharsets.ISO_8859_1);
        }
        return last;
    }

    @Test
    void reader_thatIsSlowButTakesSomething_stays() throws Exception {
        try (Socket socket = connect()) {
            for (int i = 0; i < 4; i++) {
                awaitFull();
                long before = batches.get();
                reader.get().ping();
                InputStream in = socket.getInputStream();
                Awaitility.await().atMost(PATIENCE).until(() -> {
                    in.skip(in.available());
                    return batches.get() > before;
                });
            }
            assertThat(closed.get()).isEmpty();
        }
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(List.of(closed.get())).doesNotContain(""));
    }
}
