package dev.atmirror.app;

import dev.atmirror.api.DirectoryAnswers;
import dev.atmirror.api.HostAnswers;
import dev.atmirror.api.Readiness;
import dev.atmirror.handle.HandleResult;
import dev.atmirror.handle.HandleVerdict;
import dev.atmirror.identity.Json;
import dev.atmirror.net.PdsUrl;
import dev.atmirror.route.ApiServer;
import dev.atmirror.route.RouteFiles;
import dev.atmirror.store.PdsHosts;
import dev.atmirror.store.PlcLog;
import dev.atmirror.store.SearchPath;
import dev.atmirror.testkit.TestDatabase;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.impl.DefaultCamelContext;
import org.postgresql.ds.PGSimpleDataSource;

/** What answers for identities, on a database and on the real paths, with a check of handles that the test decides. */
public final class IdentityUnderTest implements AutoCloseable {
    private static final Instant LAST_TIME = Instant.parse("2024-05-01T00:18:00Z");

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final Vertx vertx = Vertx.vertx();
    private final ApiServer server = new ApiServer(vertx, InstantSource.system());
    private final TestDatabase database;
    private final IdentityParts parts;
    private final List<String> checked = new CopyOnWriteArrayList<>();
    private final Map<String, Character> results = new HashMap<>();
    private final int port;

    /** @param settings name and value in turn */
    public IdentityUnderTest(TestDatabase database, String... settings) {
        this.database = database;
        PGSimpleDataSource source = SearchPath.plain();
        source.setUrl(database.url());
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        parts = new IdentityParts(Settings.load(all), source, this::check, () -> LAST_TIME, () -> true);
        DirectoryAnswers directory = new DirectoryAnswers(new PlcLog(source), IdentityUnderTest::ready, true, "https://plc.test");
        camel.getRegistry().bind("directory", directory);
        camel.getRegistry().bind("crawlDatabase", source);
        camel.getRegistry().bind("hosts", new HostAnswers(new PdsHosts(source), PdsUrl::meant));
        parts.bindInto(camel.getRegistry(), directory);
        parts.serve(server, new SimpleMeterRegistry());
        server.serve(camel);
        try {
            RouteFiles.load(
                    camel,
                    Path.of("routes"),
                    List.of("api-accounts", "api-changes", "api-lookups", "api-identity", "api-hosts", "api-directory")::contains);
            camel.start();
        } catch (Exception e) {
            throw new IllegalStateException("the API does not start", e);
        }
        port = server.start("127.0.0.1", 0);
    }

    private static Readiness ready() {
        return new Readiness(
                true, true, "plc.test", "seq", 18, LAST_TIME, true, Optional.empty(), Optional.of(LAST_TIME));
    }

    /** The next checks of the account come to this; e points to one that is v. @param letter of {@code handle_check.result} */
    public IdentityUnderTest checksTo(String did, char letter) {
        results.put(did, letter);
        return this;
    }

    private Optional<HandleVerdict> check(String did) {
        checked.add(did);
        Character result = results.getOrDefault(did, 'u');
        Optional<String> owner = results.entrySet().stream()
                .filter(other -> result == 'e' && other.getValue() == 'v')
                .map(Map.Entry::getKey)
                .findFirst();
        database.run("insert into handle_check (operation, account, parent, checked_at, tried_at, since, result, points_to)"
                + " select head, id, 0, " + (result == 'u' ? "'-infinity'" : "now()") + ", now(), now(), '" + result
                + "', '" + owner.orElse("") + "' from plc_account where 'did:plc:' || did = '" + did + "'"
                + " on conflict (account) do update set operation = excluded.operation, result = excluded.result,"
                + " points_to = excluded.points_to, checked_at = excluded.checked_at, tried_at = now()");
        return Optional.of(new HandleVerdict(
                HandleResult.of(String.valueOf(result)), Optional.empty(), Optional.empty(), owner, Optional.empty()));
    }

    /** DIDs whose handles were checked, in order. */
    public List<String> checked() {
        return List.copyOf(checked);
    }

    public URI address(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public Reply get(String path, String... headers) {
        return Reply.get(address(path), headers);
    }

    public JsonNode json(String path) {
        return get(path).json();
    }

    /** @param headers names and values in turn */
    public Reply post(String path, Object body, String... headers) {
        return Reply.post(address(path), "application/json", Json.write(body).getBytes(StandardCharsets.UTF_8), headers);
    }

    @Override
    public void close() {
        parts.close();
        server.close();
        camel.stop();
        vertx.close();
    }
}
