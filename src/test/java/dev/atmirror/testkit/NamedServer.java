package dev.atmirror.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * One host of accounts under many names, each a port of its own. Accounts are numbers: 7 is {@code did:plc:7}; every third
 * is deactivated.
 */
public final class NamedServer implements AutoCloseable {
    private static final int PAGE = 10;

    private final List<HttpServer> names = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile List<Integer> accounts;
    private volatile List<Integer> listed;
    private volatile String did = "did:web:pds.invalid";

    public NamedServer(int names, List<Integer> accounts) {
        this.accounts = accounts;
        this.listed = accounts;
        for (int name = 0; name < names; name++) {
            this.names.add(open(0));
        }
    }

    private HttpServer open(int port) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.createContext("/", this::answer);
            server.setExecutor(threads);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static boolean isActive(int account) {
        return account % 3 != 0;
    }

    /** What describeServer claims. */
    public NamedServer claiming(String claimed) {
        did = claimed;
        return this;
    }

    /** What listRepos names, whoever has an account here. */
    public NamedServer listing(List<Integer> others) {
        listed = others;
        return this;
    }

    public String url(int name) {
        return "http://127.0.0.1:" + names.get(name).getAddress().getPort();
    }

    /** The did that nobody but this name may claim. */
    public String ownDid(int name) {
        return "did:web:" + URI.create(url(name)).getAuthority().replace(":", "%3A");
    }

    /** One of the names leads to another server from now on. */
    public void handOver(int name, NamedServer to) {
        int port = names.get(name).getAddress().getPort();
        names.get(name).stop(0);
        to.names.add(to.open(port));
    }

    /** Methods asked for so far, such as {@code listRepos}, with the name's URL before each. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = path.substring(path.lastIndexOf('.') + 1);
        Map<String, String> query = query(exchange);
        asked.add("http://127.0.0.1:" + exchange.getLocalAddress().getPort() + " " + method);
        int account = query.containsKey("repo") ? Integer.parseInt(query.get("repo").replace("did:plc:", "")) : 0;
        String body =
                switch (method) {
                    case "describeServer" -> "{\"did\":\"" + did + "\",\"availableUserDomains\":[]}";
                    case "listRepos" -> list(Integer.parseInt(query.getOrDefault("cursor", "0")));
                    case "describeRepo" -> describe(account);
                    default -> "";
                };
        int status = body.isEmpty() ? 404 : body.startsWith("{\"error\"") ? 400 : 200;
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private String list(int from) {
        List<Integer> all = listed;
        int end = Math.min(from + PAGE, all.size());
        return "{\"repos\":[" + all.subList(from, end).stream()
                .map(account -> "{\"did\":\"did:plc:" + account + "\",\"head\":\"bafy\",\"rev\":\"3k\",\"active\":" + isActive(account)
                        + (isActive(account) ? "" : ",\"status\":\"deactivated\"") + "}")
                .collect(Collectors.joining(",")) + "]" + (end < all.size() ? ",\"cursor\":\"" + end + "\"" : "") + "}";
    }

    private String describe(int account) {
        if (!accounts.contains(account)) {
            return "{\"error\":\"RepoNotFound\",\"message\":\"Could not find repo for DID: did:plc:" + account + "\"}";
        }
        return isActive(account)
                ? "{\"did\":\"did:plc:" + account + "\",\"handleIsCorrect\":true,\"collections\":[\"com.example.note\"]}"
                : "{\"error\":\"RepoDeactivated\",\"message\":\"Repo has been deactivated: did:plc:" + account + "\"}";
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
        names.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }
}
