package dev.atmirror.realnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.app.RunningMirror;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The proof that the account stages find what the hosts hold: every account, its status and its records, from an empty
 * database and after live changes. {@code -Dtest.accounts} says how many.
 */
class RealHostsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration DAY = Duration.ofSeconds(30);
    // At ten requests a second each host answers for all of its accounts within such a day.
    private static final String ACCOUNTS = System.getProperty("test.accounts", "100");
    private static final int LIMIT = 10;
    private static final String CLOSED_PORT = "http://localhost:9";

    private RunningMirror mirror;
    private Realnet realnet;

    @BeforeEach
    void install() throws IOException, InterruptedException {
        Realnet.install();
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        for (String stage : List.of("pds-hosts", "pds-accounts", "describe-repo", "recent-records")) {
            settings.put("atmirror.routes." + stage + ".enabled", "true");
            settings.put("atmirror.routes." + stage + ".schedule", "* * * * * ?");
        }
        settings.put("atmirror.recent-records.limit", String.valueOf(LIMIT));
        return settings;
    }

    @Test
    void accounts_ofRealHosts_areSeenAsTheyAre() throws Exception {
        Realnet.Ports ports = Realnet.Ports.free();
        try (RunningMirror running = RunningMirror.of(ports.directoryAddress(), Path.of("target", "it", "hosts"), settings());
                Realnet started = Realnet.start(ports, List.of("--accounts", ACCOUNTS, "--pds", "3", "--rate-limits"))) {
            mirror = running;
            realnet = started;
            mirror.start();
            awaitSeenAsItIs("from an empty database");

            String taken = regular(0);
            String gone = regular(1);
            realnet.change("/takedown?did=" + taken);
            realnet.change("/delete?did=" + gone);
            realnet.change("/posts?did=" + regular(2) + "&count=3");
            realnet.change("/accounts?count=3");
            Mover mover = new Mover(ports.directoryAddress(), ports.pds(1));
            String moved = mover.settle(3);
            passTime();
            awaitSeenAsItIs("after live changes");
            assertThat(state(gone)).isEqualTo("false deleted");
            awaitAtHome(moved, ports.pds(1), List.of(ports.pds(1) + " active"));

            mover.move(ports.pds(2));
            passTime();
            awaitAtHome(moved, ports.pds(2), List.of(ports.pds(1) + " deactivated", ports.pds(2) + " active"));
            awaitSeenAsItIs("after a migration");

            realnet.change("/pds/stop?n=3");
            passTime();
            await("the host is missed").atMost(PATIENCE).until(() -> ask("select count(*) from pds_hosts where failures > 0") >= 2);
            assertThat(differences()).as("a host that is away says nothing of its accounts").isEmpty();
            realnet.change("/pds/start?n=3");
            realnet.change("/takedown?undo=1&did=" + taken);
            passTime();
            awaitSeenAsItIs("after the host is back");
            await("every host is live").atMost(PATIENCE).until(() -> ask("select count(*) from pds_hosts where state = 'live'") == 3);
        }
    }

    /** Accounts of one host after the other. */
    private String regular(int n) {
        return realnet.dids("regular").get(n);
    }

    private void awaitSeenAsItIs(String when) {
        awaitWithin("all accounts " + when, () -> assertThat(differences()).as("%s, where hosts are%n%s", when, hosts()).isEmpty());
    }

    /** What a failure is to be understood from. */
    private String hosts() {
        return String.join("\n", mirror.ask("select concat_ws(' ', h.pds, h.state, h.failures, 'listed again', h.list_due, 'tried again', h.next_try,"
                + " h.last_error, (select string_agg(concat_ws(' ', f.stage, f.next_try, f.error), ', ') from pds_stage_failure f where f.host = h.id))"
                + " from pds_hosts h order by 1"));
    }

    /** The account is active with its three posts where its document says, and hosts say of it what is given. */
    private void awaitAtHome(String did, URI pds, List<String> said) {
        awaitWithin(did + " at " + pds, () -> {
            assertThat(mirror.ask("select pds || ' ' || active from account_infos where did = '" + did + "'")).containsExactly(pds + " true");
            assertThat(mirror.ask("select pds || ' ' || coalesce(status, case when active then 'active' end) from pds_repos where did = '"
                            + did + "' order by 1"))
                    .isEqualTo(said);
            assertThat(records(did)).containsExactly(Map.entry("app.bsky.feed.post", 3));
        });
    }

    /** What changes while a list or an answer is under way is seen a day later, so days go by. */
    private void awaitWithin(String what, ThrowingRunnable seen) {
        AtomicLong day = new AtomicLong(System.nanoTime());
        await(what).atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            if (System.nanoTime() - day.get() > DAY.toNanos()) {
                passTime();
                day.set(System.nanoTime());
            }
            seen.run();
        });
    }

    /** Instead of a day: all is due again. */
    private void passTime() {
        mirror.run("update pds_hosts set server_due = '-infinity', list_due = '-infinity', next_try = '-infinity'");
        mirror.run("update pds_stage_failure set next_try = '-infinity'");
        mirror.run("update pds_repo set describe_due = '-infinity' where describe_due > now() and describe_due < 'infinity'");
        mirror.run("update pds_repo set records_due = '-infinity' where records_due > now() and records_due < 'infinity'");
    }

    private List<String> differences() {
        List<String> differences = new ArrayList<>();
        for (JsonNode account : realnet.accounts()) {
            String did = account.get("did").textValue();
            String expected = expected(account);
            String state = state(did);
            if (!state.equals(expected) && !(expected.equals("false notfound") && state.equals("false deleted"))) {
                differences.add(account.get("kind").textValue() + " " + did + ": " + state + " instead of " + expected);
            }
            Map<String, Integer> records = records(did);
            if (expected.equals("true") && !records.equals(expectedRecords(account))) {
                differences.add(did + ": " + records + " instead of " + expectedRecords(account));
            }
        }
        return differences;
    }

    private static String expected(JsonNode account) {
        String pds = account.path("pds").asText("");
        boolean asked = account.get("plc").textValue().equals("active") && pds.startsWith("http") && !pds.equals(CLOSED_PORT);
        if (!asked) {
            return "unknown";
        }
        return switch (account.get("repo").textValue()) {
            case "active" -> "true";
            case "deactivated" -> "false deactivated";
            case "takendown" -> "false takendown";
            default -> "false notfound"; // or deleted, where it was listed before
        };
    }

    private static Map<String, Integer> expectedRecords(JsonNode account) {
        Map<String, Integer> records = new TreeMap<>();
        account.path("records").fields().forEachRemaining(each -> {
            if (each.getValue().intValue() > 0) {
                records.put(each.getKey(), Math.min(LIMIT, each.getValue().intValue()));
            }
        });
        return records;
    }

    private String state(String did) {
        List<String> rows = mirror.ask("select concat_ws(' ', coalesce(active::text, 'unknown'), status) from account_infos where did = '"
                + did + "'");
        return rows.isEmpty() ? "missing" : rows.get(0);
    }

    private Map<String, Integer> records(String did) {
        Map<String, Integer> records = new TreeMap<>();
        mirror.ask("select collection || ' ' || count(*) from recent_records where did = '" + did + "' group by collection")
                .forEach(row -> records.put(row.split(" ")[0], Integer.valueOf(row.split(" ")[1])));
        return records;
    }

    private long ask(String sql) {
        return Long.parseLong(mirror.ask(sql).get(0));
    }
}
