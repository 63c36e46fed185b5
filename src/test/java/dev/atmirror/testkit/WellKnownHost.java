package dev.atmirror.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** The hosts of all handles in one server on loopback, told apart by the header {@code Host}; 404 for those not named. */
public final class WellKnownHost implements AutoCloseable {
    private record Says(int status, String body, Map<String, String> headers, Duration delay) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Says> says = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Duration delay = Duration.ZERO;
    private volatile Function<String, String> others = handle -> "";

    private WellKnownHost() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/.well-known/atproto-did", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    public static WellKnownHost start() {
        try {
            return new WellKnownHost();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code atmirror.handles.local} takes it. */
    public String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    public WellKnownHost says(String handle, int status, String body) {
        return says(handle, status, body, Map.of(), Duration.ZERO);
    }

    public WellKnownHost says(String handle, int status, String body, Map<String, String> headers, Duration after) {
        says.put(handle, new Says(status, body, headers, after));
        return this;
    }

    /** The DIDs of handles that are not named one by one; empty for none. */
    public WellKnownHost saysOfOthers(Function<String, String> dids) {
        others = dids;
        return this;
    }

    /** Before every answer. */
    public WellKnownHost delay(Duration each) {
        delay = each;
        return this;
    }

    /** The handles that were asked for, in order. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private static Says other(String did) {
        return did.isEmpty()
                ? new Says(404, "User not found", Map.of(), Duration.ZERO)
                : new Says(200, did, Map.of(), Duration.ZERO);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String handle = exchange.getRequestHeaders().getFirst("Host");
        asked.add(handle);
        Says found = says.containsKey(handle) ? says.get(handle) : other(others.apply(handle));
        LockSupport.parkNanos(delay.plus(found.delay()).toNanos());
        byte[] body = found.body().getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            found.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(found.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
