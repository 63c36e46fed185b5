package dev.atmirror.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Hosts of accounts with equal accounts: host {@code h} has {@code did:plc:<h>x<n>}, each with {@link #COLLECTIONS}
 * collections of {@link #RECORDS} records. All their documents can be put into a database.
 */
public final class FakeHosts implements AutoCloseable {
    public static final int COLLECTIONS = 2;
    public static final int RECORDS = 3;
    private static final int PAGE = 25; // repos in a page: many cursors to be killed between

    private final List<HttpServer> servers = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int accounts;
    private final long delayMillis;
    private volatile String note = "";
    private volatile boolean describes = true;
    private volatile int refusal;
    private volatile String refusalBody = "";

    /** @param accounts of each host @param delayMillis before each answer */
    public FakeHosts(int hosts, int accounts, long delayMillis) {
        this.accounts = accounts;
        this.delayMillis = delayMillis;
        for (int host = 0; host < hosts; host++) {
            try {
                HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                int number = host;
                server.createContext("/", exchange -> answer(number, exchange));
                server.setExecutor(threads);
                server.start();
                servers.add(server);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Each record has so many characters. */
    public FakeHosts withLongRecords(int characters) {
        note = "x".repeat(characters);
        return this;
    }

    /** Answers describeRepo with a page for people. */
    public FakeHosts withoutDescriptions() {
        describes = false;
        return this;
    }

    /** Answers describeRepo and listRecords so, whatever the account. @param status 0 serves them again */
    public FakeHosts refusingAccounts(int status, String error, String message) {
        refusalBody = "{\"error\":\"" + error + "\",\"message\":\"" + message + "\"}";
        refusal = status;
        return this;
    }

    public int hosts() {
        return servers.size();
    }

    public int accounts() {
        return servers.size() * accounts;
    }

    private String url(int host) {
        return "http://127.0.0.1:" + servers.get(host).getAddress().getPort();
    }

    /** Stores an operation for each account that names its host, without the signatures that nobody reads again. */
    public void putDocumentsInto(TestDatabase database) {
        for (int host = 0; host < servers.size(); host++) {
            int before = host * accounts;
            database.run("insert into plc_pds values (" + (host + 1) + ", '" + url(host) + "')");
            database.run("insert into plc_account select n + " + before + ", n + " + before + ", '" + host + "x' || n"
                    + " from generate_series(1, " + accounts + ") n");
            database.run("insert into plc_operation select n + " + before + ", now(), 0, n + " + before + ", 0, " + (host + 1)
                    + ", 0, 'o', false, false, 'c' || n, '', '', '' from generate_series(1, " + accounts + ") n");
        }
    }

    private void answer(int host, HttpExchange exchange) throws IOException {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(delayMillis));
        Map<String, String> query = query(exchange);
        String path = exchange.getRequestURI().getPath();
        String body =
                switch (path.substring(path.lastIndexOf('/') + 1)) {
                    case "com.atproto.server.describeServer" -> "{\"did\":\"did:web:localhost\",\"availableUserDomains\":[]}";
                    case "_health" -> "{\"version\":\"fake\"}";
                    case "com.atproto.sync.listRepos" -> repos(host, Integer.parseInt(query.getOrDefault("cursor", "0")));
                    case "com.atproto.repo.describeRepo" -> !describes ? "<html>" : "{\"did\":\"" + query.get("repo") + "\",\"handleIsCorrect\":true,"
                            + "\"collections\":[" + IntStream.range(0, COLLECTIONS)
                                    .mapToObj(i -> "\"com.example.kind" + i + "\"")
                                    .collect(Collectors.joining(",")) + "]}";
                    case "com.atproto.repo.listRecords" -> records(query);
                    default -> "";
                };
        boolean refused = refusal != 0 && path.contains("com.atproto.repo.");
        byte[] bytes = (refused ? refusalBody : body).getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(refused ? refusal : body.isEmpty() ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private String repos(int host, int from) {
        int end = Math.min(from + PAGE, accounts);
        String repos = IntStream.rangeClosed(from + 1, end)
                .mapToObj(n -> "{\"did\":\"did:plc:" + host + "x" + n + "\",\"head\":\"bafy\",\"rev\":\"3k\",\"active\":true}")
                .collect(Collectors.joining(","));
        return "{\"repos\":[" + repos + "]" + (end < accounts ? ",\"cursor\":\"" + end + "\"" : "") + "}";
    }

    private String records(Map<String, String> query) {
        String prefix = "at://" + query.get("repo") + "/" + query.get("collection") + "/";
        return "{\"records\":[" + IntStream.range(0, RECORDS)
                .mapToObj(n -> "{\"uri\":\"" + prefix + "k" + n + "\",\"cid\":\"bafy" + n + "\",\"value\":{\"n\":" + n + ",\"note\":\""
                        + note + "\"}}")
                .collect(Collectors.joining(",")) + "]}";
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null || raw.isEmpty() ? new String[0] : raw.split("&")) {
            String[] both = pair.split("=", 2);
            query.put(both[0], URLDecoder.decode(both[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }
}
