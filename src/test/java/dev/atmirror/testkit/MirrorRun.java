package dev.atmirror.testkit;

import dev.atmirror.store.Schema;
import static org.awaitility.Awaitility.await;

import dev.atmirror.app.Databases;
import dev.atmirror.app.Mirror;
import dev.atmirror.app.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A mirror in this process, from start to close, with schedules of a second and any port. */
public final class MirrorRun implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final HttpClient http = HttpClient.newHttpClient();
    private final TestDatabase database;
    private final FakeUpstream upstream;
    private final Databases connections;
    private final Mirror mirror;

    private MirrorRun(TestDatabase database, FakeUpstream upstream, Databases connections, Mirror mirror) {
        this.database = database;
        this.upstream = upstream;
        this.connections = connections;
        this.mirror = mirror;
    }

    /** What every mirror under test is set to. */
    public static Map<String, String> settings(TestDatabase database, FakeUpstream upstream) {
        Map<String, String> settings = new HashMap<>();
        settings.put("atmirror.postgres.url", database.url());
        settings.put("atmirror.plc.upstream", upstream.url());
        settings.put("atmirror.http.host", "127.0.0.1");
        settings.put("atmirror.http.port", "0");
        settings.put("atmirror.net.allow-private", "true");
        settings.put("atmirror.routes.pds-hosts.enabled", "false"); // documents name hosts that are not there
        settings.put("atmirror.routes.pds-accounts.enabled", "false");
        settings.put("atmirror.plc.requests-per-window", "1000");
        settings.put("atmirror.plc.window-millis", "1000");
        settings.put("atmirror.routes.plc-logs.schedule", "* * * * * ?");
        settings.put("atmirror.routes.plc-stream.schedule", "* * * * * ?");
        return settings;
    }

    /** @param overrides name and value in turn */
    public static MirrorRun start(TestDatabase database, FakeUpstream upstream, String... overrides) {
        Map<String, String> all = settings(database, upstream);
        for (int i = 0; i < overrides.length; i += 2) {
            all.put(overrides[i], overrides[i + 1]);
        }
        Settings settings = Settings.load(all);
        Databases connections = Databases.open(settings);
        new Schema(connections.schema()).migrate();
        Mirror mirror = new Mirror(settings, connections);
        try {
            mirror.start(name -> true, true);
        } catch (Exception e) {
            connections.close();
            throw new IllegalStateException("the mirror does not start", e);
        }
        return new MirrorRun(database, upstream, connections, mirror);
    }

    public Mirror mirror() {
        return mirror;
    }

    /** Waits until so many operations are stored. */
    public MirrorRun awaitStored(long operations) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(database.operations())
                        .isGreaterThanOrEqualTo(operations));
        return this;
    }

    /** Waits until the pages have been read to their end once more from now. */
    public MirrorRun awaitAnotherPoll() {
        int before = upstream.queries().size();
        await().atMost(PATIENCE).until(() -> upstream.queries().size() > before + 1);
        return this;
    }

    public MirrorRun awaitStreaming() {
        await().atMost(PATIENCE).until(() -> mirror.cursor().standing().streaming() && upstream.streamsOpen() > 0);
        return this;
    }

    /** Waits until all that the upstream has is stored, and lookups are answered. */
    public MirrorRun awaitCaughtUp() {
        await().atMost(PATIENCE).until(() -> mirror.readiness().caughtUpOnce());
        return this;
    }

    /** Where it answers. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + mirror.port());
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(address() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A counter's value. @param labels such as {@code kind="html"}; empty for none */
    public double metric(String name, String labels) {
        String line = name + (labels.isEmpty() ? "" : "{" + labels + "}");
        Matcher found = Pattern.compile("^" + Pattern.quote(line) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(mirror.metricsText());
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }

    @Override
    public void close() {
        mirror.close();
        connections.close();
    }
}
