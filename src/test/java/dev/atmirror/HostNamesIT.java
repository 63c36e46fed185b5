package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.NamedServer;
import dev.atmirror.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One PDS under many names (issue 12, A4). */
class HostNamesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int NAMES = 8;
    private static final List<Integer> ACCOUNTS = accounts(1, 48);

    private final TestDatabase database = TestDatabase.create();
    private int endpoints;
    private int operations;

    private static List<Integer> accounts(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    private MirrorRun run(FakeUpstream upstream) {
        List<String> settings = new ArrayList<>(List.of("atmirror.pds.requests-per-second", "1000"));
        for (String stage : List.of("pds-hosts", "pds-accounts", "describe-repo")) {
            settings.addAll(List.of("atmirror.routes." + stage + ".enabled", "true"));
            settings.addAll(List.of("atmirror.routes." + stage + ".schedule", "* * * * * ?"));
        }
        return MirrorRun.start(database, upstream, settings.toArray(String[]::new));
    }

    /** Documents that name the host. */
    private void documents(String url, List<Integer> named) {
        endpoints++;
        database.run("insert into plc_pds values (" + endpoints + ", '" + url + "')");
        for (int account : named) {
            operations++;
            database.run("insert into plc_account values (" + account + ", " + operations + ", '" + account + "')");
            database.run("insert into plc_operation values (" + operations + ", now(), 0, " + account + ", 0, " + endpoints
                    + ", 0, 'o', false, false, 'c" + operations + "', '', '', '')");
        }
    }

    /** Each name is in the documents of some accounts. */
    private void documents(NamedServer server, int names) {
        int each = ACCOUNTS.size() / names;
        IntStream.range(0, names).forEach(name -> documents(server.url(name), ACCOUNTS.subList(name * each, (name + 1) * each)));
    }

    /** What users see of an account. */
    private String seen(int account) {
        return database.ask("select coalesce(active::text, '?') || ' ' || coalesce(status, '-') || ' ' || coalesce(describe ->> 'collections', '-')"
                + " from account_infos where did = 'did:plc:" + account + "'");
    }

    private void awaitSeenAsTheyAre(List<Integer> accounts) {
        await("all accounts are seen as they are").atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() ->
                assertThat(accounts).allSatisfy(account -> assertThat(seen(account))
                        .as("account %s", account)
                        .isEqualTo(NamedServer.isActive(account) ? "true - [\"com.example.note\"]" : "false deactivated -")));
    }

    private void awaitLed(long names) {
        await(names + " other names").atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            assertThat(database.number("select count(*) from pds_hosts where leader is not null")).isEqualTo(names);
            assertThat(database.number("select count(*) from pds_endpoint e join pds_hosts h on h.id = e.host where h.leader is not null")).isZero();
            assertThat(database.number("select count(*) from pds_repo r join pds_hosts h on h.id = r.host where h.leader is not null")).isZero();
        });
    }

    private String leader(String url) {
        return database.ask("select coalesce((select pds from pds_hosts l where l.id = h.leader), '-') from pds_hosts h where pds = '" + url + "'");
    }

    private void checkAgain() {
        database.run("update pds_hosts set server_due = '-infinity', next_try = '-infinity'");
    }

    @Test
    void names_ofOneServer_areOneHost() throws Exception {
        database.migrate();
        try (NamedServer server = new NamedServer(NAMES, ACCOUNTS);
                FakeUpstream upstream = new FakeUpstream(List.of())) {
            server.claiming(server.ownDid(NAMES - 1));
            documents(server, NAMES);
            try (MirrorRun run = run(upstream)) {
                awaitLed(NAMES - 1);
                assertThat(database.ask("select pds from pds_hosts where leader is null")).as("whom the did names").isEqualTo(server.url(NAMES - 1));
                awaitSeenAsTheyAre(ACCOUNTS);
                assertThat(database.number("select count(*) from pds_repo")).as("each counts once").isEqualTo(ACCOUNTS.size());
                await("counted").atMost(PATIENCE).until(() -> database.number("select sum(repos) from pds_hosts") == ACCOUNTS.size());
                assertThat(run.get("/pds/127.0.0.1:" + server.url(0).replaceAll(".*:", "")).body())
                        .contains("\"otherNameOf\":\"" + server.url(NAMES - 1) + "\"");
                assertThat(run.get("/pds/127.0.0.1:" + server.url(0).replaceAll(".*:", "") + "/accounts").body())
                        .as("the accounts of all names").contains("did:plc:1\"").contains("did:plc:48\"");
                assertThat(run.get("/ready").body()).contains("\"otherNames\":" + (NAMES - 1));

                int before = server.asked().size();
                database.run("update pds_repo set describe_due = '-infinity' where describe_due < 'infinity'");
                database.run("update pds_hosts set list_due = '-infinity'");
                await("asked again").atMost(PATIENCE).until(() -> server.asked().size() >= before + 5 + 32);
                assertThat(server.asked().subList(before, server.asked().size())).as("one name is asked, and its list once")
                        .allSatisfy(asked -> assertThat(asked).startsWith(server.url(NAMES - 1) + " "))
                        .filteredOn(asked -> asked.endsWith(" listRepos")).hasSize(5);
            }
        }
    }

    @Test
    void name_thatLeadsElsewhereLater_isAHostOfItsOwnAgain() throws Exception {
        database.migrate();
        try (NamedServer server = new NamedServer(4, ACCOUNTS);
                FakeUpstream upstream = new FakeUpstream(List.of())) {
            server.claiming(server.ownDid(0));
            documents(server, 4);
            List<Integer> leaving = ACCOUNTS.subList(36, 48);
            try (MirrorRun run = run(upstream);
                    NamedServer other = new NamedServer(0, leaving)) {
                awaitLed(3);
                awaitSeenAsTheyAre(ACCOUNTS);
                String name = server.url(3);
                server.handOver(3, other);
                other.claiming(other.ownDid(0));
                server.listing(ACCOUNTS.subList(0, 36));
                checkAgain();
                database.run("update pds_hosts set list_due = '-infinity'");
                awaitLed(2);
                assertThat(leader(name)).isEqualTo("-");
                await("its accounts are asked for there").atMost(PATIENCE).until(() -> other.asked().stream().filter(asked -> asked.endsWith(" describeRepo")).count() >= 8);
                awaitSeenAsTheyAre(ACCOUNTS);
                await("listed there").atMost(PATIENCE).until(() -> database.number("select count(*) from pds_repos where pds = '" + name + "'") == leaving.size());
            }
        }
    }

    @Test
    void host_thatClaimsAnothersDid_harmsOnlyItself() throws Exception {
        database.migrate();
        List<Integer> its = accounts(101, 110);
        try (NamedServer server = new NamedServer(2, ACCOUNTS);
                NamedServer withItsOwnList = new NamedServer(1, its);
                NamedServer withTheirList = new NamedServer(1, List.of()).listing(ACCOUNTS);
                FakeUpstream upstream = new FakeUpstream(List.of())) {
            List.of(server, withItsOwnList, withTheirList).forEach(each -> each.claiming(server.ownDid(0)));
            // The liars are known first, and one of them is named by more accounts.
            documents(withTheirList.url(0), accounts(201, 300));
            documents(withItsOwnList.url(0), its);
            documents(server, 2);
            try (MirrorRun run = run(upstream)) {
                awaitLed(2);
                assertThat(leader(server.url(0))).isEqualTo("-");
                assertThat(leader(server.url(1))).isEqualTo(server.url(0));
                assertThat(leader(withItsOwnList.url(0))).as("its list is another one").isEqualTo("-");
                assertThat(leader(withTheirList.url(0))).isEqualTo(server.url(0));
                awaitSeenAsTheyAre(ACCOUNTS);
                awaitSeenAsTheyAre(its);
                await("its own accounts").atMost(PATIENCE).until(() -> seen(201).startsWith("false notfound"));
                assertThat(database.number("select count(*) from pds_repos where pds = '" + server.url(0) + "' and did like 'did:plc:1__'")).isZero();
            }
        }
    }

    @Test
    void names_whoseDidNamesNoHost_areLedByTheOldest() throws Exception {
        database.migrate();
        try (NamedServer server = new NamedServer(3, ACCOUNTS);
                FakeUpstream upstream = new FakeUpstream(List.of())) {
            documents(server.url(0), ACCOUNTS.subList(0, 4));
            documents(server.url(1), ACCOUNTS.subList(4, 44));
            documents(server.url(2), ACCOUNTS.subList(44, 48));
            try (MirrorRun run = run(upstream)) {
                awaitLed(2);
                assertThat(database.ask("select pds from pds_hosts where leader is null"))
                        .isEqualTo(database.ask("select pds from pds_hosts order by id limit 1"));
                awaitSeenAsTheyAre(ACCOUNTS);
            }
        }
    }

    @Test
    void host_thatClaimsADidThatNamesNoHost_doesNotLeadTheOneBeforeIt() throws Exception {
        database.migrate();
        try (NamedServer server = new NamedServer(1, ACCOUNTS);
                NamedServer withTheirList = new NamedServer(1, List.of()).listing(ACCOUNTS);
                FakeUpstream upstream = new FakeUpstream(List.of())) {
            documents(server, 1);
            try (MirrorRun run = run(upstream)) {
                await("known").atMost(PATIENCE).until(() -> database.number("select count(*) from pds_hosts") == 1);
                documents(withTheirList.url(0), accounts(201, 300));
                awaitLed(1);
                assertThat(leader(withTheirList.url(0))).isEqualTo(server.url(0));
                awaitSeenAsTheyAre(ACCOUNTS);
            }
        }
    }
}
