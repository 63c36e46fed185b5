package dev.atmirror.app;

import static org.awaitility.Awaitility.await;

import dev.atmirror.handle.HandleCheck;
import dev.atmirror.testkit.DeclaredHandles;
import dev.atmirror.testkit.FakeNameServer;
import dev.atmirror.testkit.TestDatabase;
import dev.atmirror.testkit.WellKnownHost;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The routes that check handles, with a name server and the hosts of all handles under {@code .test} on loopback. Nothing
 * runs before {@link #start}.
 */
final class CheckingMirror implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(40);

    final TestDatabase database = TestDatabase.create();
    final DeclaredHandles accounts = new DeclaredHandles(database);
    final FakeNameServer dns = FakeNameServer.start();
    final WellKnownHost hosts = WellKnownHost.start();
    private final Map<String, String> settings = new HashMap<>();
    private Optional<Databases> connections = Optional.empty();
    private Optional<Mirror> mirror = Optional.empty();

    CheckingMirror() {
        database.migrate();
        settings.put("atmirror.postgres.url", database.url());
        settings.put("atmirror.net.allow-private", "true");
        settings.put("atmirror.routes.handles.enabled", "true");
        settings.put("atmirror.routes.handles.schedule", "* * * * * ?");
        settings.put("atmirror.handles.count-schedule", "* * * * * ?");
        settings.put("atmirror.handles.resolvers", dns.address());
        settings.put("atmirror.handles.local", "test=" + hosts.address());
        settings.put("atmirror.handles.timeout", "2s");
        settings.put("atmirror.pds.requests-per-second", "1000");
    }

    CheckingMirror with(String key, String value) {
        settings.put(key, value);
        return this;
    }

    CheckingMirror start() {
        Settings loaded = Settings.load(settings);
        Databases opened = Databases.open(loaded);
        connections = Optional.of(opened);
        // As for a command: it does not wait for the log to have caught up, of which there is none.
        CrawlSettings.Once once = new CrawlSettings.Once("handles", Optional.empty(), java.util.List.of(), "");
        Mirror started = new Mirror(new CrawlSettings(loaded, Optional.of(once)), opened);
        mirror = Optional.of(started);
        try {
            started.start(route -> route.startsWith("handles"), false);
        } catch (Exception e) {
            throw new IllegalStateException("the mirror does not start", e);
        }
        return this;
    }

    HandleCheck check() {
        return mirror.orElseThrow().handles().check();
    }

    Mirror mirror() {
        return mirror.orElseThrow();
    }

    /** As {@code handle_checks} shows it, such as {@code valid dns}, {@code points_elsewhere well-known did:plc:2}. */
    String state(int account) {
        return database.ask("select concat_ws(' ', result, method, points_to, case when failures > 0 then 'x' || failures end)"
                + " from handle_checks where did = 'did:plc:" + account + "'");
    }

    void awaitState(int account, String state) {
        await("account " + account)
                .atMost(PATIENCE)
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(state(account)).isEqualTo(state));
    }

    /** Waits until all that was due is checked. */
    void awaitChecked() {
        await("all are checked").atMost(PATIENCE).untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(left()).isEmpty());
    }

    private String left() {
        return database.ask("select coalesce(string_agg(concat_ws(' ', i.handle, v.account, v.due), ', '), '') from account_infos i"
                + " left join handle_check v on 'did:plc:' || v.account = i.did"
                + " where i.handle is not null and (v.account is null or v.due < now() + interval '3 minutes')");
    }

    /** Instead of waiting for days: all is due again. */
    void makeAllDue() {
        database.run("update handle_check set due = now() where due < 'infinity'");
        database.run("update handle_parent set next_due = '-infinity', free_at = '-infinity'");
    }

    @Override
    public void close() {
        mirror.ifPresent(Mirror::close);
        connections.ifPresent(Databases::close);
        dns.close();
        hosts.close();
    }
}
