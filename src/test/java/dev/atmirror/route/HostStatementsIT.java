package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hosts as the statements in {@code sql/pds} find, claim and let go of them. */
class HostStatementsIT {
    private final CrawlTables tables = new CrawlTables();

    @AfterEach
    void close() {
        tables.close();
    }

    private List<String> claim(String owner, int free, Object... more) {
        return claimed(owner, "pds-accounts", free, more).stream()
                .map(row -> ((String) row.get("pds")).replaceAll("https://|\\..*", ""))
                .toList();
    }

    private List<Map<String, Object>> claimed(String owner, String stage, int free, Object... more) {
        List<Object> parameters = new ArrayList<>(List.of("stage", stage, "due", CrawlTables.NOW, "claim", 900, "start", "",
                "busy", new int[0], "owner", owner, "lease", 60L, "free", free));
        parameters.add("only");
        parameters.add(null);
        parameters.addAll(List.of(more));
        return tables.sql.run("pds/claim-hosts.sql", parameters.toArray());
    }

    private List<Map<String, Object>> claimedNow(String owner) {
        return claimed(owner, "describe-repo", 9, "due", java.time.Instant.now().toString());
    }

    private void keepLeases(String owner, String... busy) {
        tables.sql.run("pds/keep-leases.sql", "owner", owner, "busy", busy, "lease", 60L);
    }

    private void passTime(int seconds) {
        tables.database.run("update pds_operator set leased_until = leased_until - " + seconds + " * interval '1 second'");
    }

    @Test
    void claim_ofAnOperatorThatIsHeld_findsNothing() {
        tables.host(1, "big.example");
        tables.host(2, "big.example");
        tables.host(3, "small.example");
        assertThat(claim("a", 1)).hasSize(1);
        assertThat(claim("a", 9)).as("its holder may have all of it").containsExactlyInAnyOrder("h1", "h2", "h3");
        assertThat(claim("b", 9)).isEmpty();
    }

    @Test
    void claim_ofAnOperatorWhoseProcessIsGone_takesItsAccountsOver() {
        tables.host(1, "one.example");
        tables.document(7, 1);
        tables.list(id(1), 1, null, "7");
        assertThat(claimedNow("a")).hasSize(1);
        tables.claimToDescribe(id(1), 9);
        assertThat(tables.database.number("select count(*) from pds_repo where describe_due > now()")).isEqualTo(1);
        passTime(30);
        assertThat(claimedNow("b")).as("while its process may live").isEmpty();
        passTime(31);
        assertThat(claimedNow("b")).hasSize(1);
        assertThat(tables.database.number("select count(*) from pds_repo where describe_due <= now()")).isEqualTo(1);
        tables.database.run("update pds_repo set describe_due = now() + interval '900 seconds'");
        assertThat(claimedNow("b")).as("what it claimed itself is not due").isEmpty();
    }

    @Test
    void claim_atTheSameTimeByMany_givesEachOperatorToOne() throws Exception {
        for (int host = 1; host <= 40; host++) {
            tables.host(host, "op" + host % 10 + ".example");
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Set<String>>> claims = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String owner = "owner" + i;
            Callable<Set<String>> claim = () -> {
                Set<String> operators = new TreeSet<>();
                claimed(owner, "pds-accounts", 8).forEach(row -> operators.add((String) row.get("operator")));
                return operators;
            };
            claims.add(threads.submit(claim));
        }
        List<String> all = new ArrayList<>();
        for (Future<Set<String>> claim : claims) {
            all.addAll(claim.get());
        }
        threads.shutdown();
        assertThat(all).doesNotHaveDuplicates().isNotEmpty();
    }

    @Test
    void lease_thatEnded_isTakenOver() {
        tables.host(1, "one.example");
        claim("killed", 9);
        passTime(59);
        assertThat(claim("b", 9)).isEmpty();
        passTime(2);
        assertThat(claim("b", 9)).containsExactly("h1");
        keepLeases("killed", "one.example");
        assertThat(claim("c", 9)).as("the first owner woke up and took nothing back").isEmpty();
        assertThat(tables.database.ask("select leased_by from pds_operator")).isEqualTo("b");
    }

    @Test
    void leases_renewed_areKeptWhereHostsAreBusyAndGivenBackElsewhere() {
        tables.host(1, "one.example");
        tables.host(2, "two.example");
        claim("a", 9);
        keepLeases("a", "one.example");
        assertThat(claim("b", 9)).as("claimed a moment ago: its visit is about to begin").isEmpty();
        passTime(20);
        keepLeases("a", "one.example");
        assertThat(claim("b", 9)).containsExactly("h2");
    }

    @Test
    void lease_renewedTooLateButTakenByNobody_isStillOurs() {
        tables.host(1, "one.example");
        claim("a", 9);
        passTime(100);
        keepLeases("a", "one.example");
        assertThat(claim("b", 9)).isEmpty();
    }

    @Test
    void leases_released_areFreeAtOnce() {
        tables.host(1, "one.example");
        claim("a", 9);
        tables.database.run("update pds_operator set leased_until = now() where leased_by = 'a' and leased_until > now()");
        assertThat(claim("b", 9)).containsExactly("h1");
    }

    @Test
    void claim_passesOverWhatIsBusyPausedOrNotWanted() {
        for (int host = 1; host <= 4; host++) {
            tables.host(host, "op" + host + ".example");
        }
        assertThat(claim("a", 9, "busy", new int[] {id(1), id(2)})).containsExactlyInAnyOrder("h3", "h4");
        tables.database.run("update pds_hosts set next_try = now() + interval '1 hour' where id = " + id(3));
        assertThat(claim("a", 9)).containsExactlyInAnyOrder("h1", "h2", "h4");
        assertThat(claim("a", 9, "only", new String[] {"https://h2.op2.example", "https://h3.op3.example"}))
                .containsExactly("h2");
        assertThat(claim("a", 9, "start", "https://h2")).containsExactlyInAnyOrder("h2", "h4");
        assertThat(claim("a", 0)).isEmpty();
    }

    private int id(int host) {
        return (int) tables.database.number("select host from pds_endpoint where pds = " + host);
    }

    @Test
    void claim_withLittleRoom_takesThoseThatWaitedLongest() {
        for (int host = 1; host <= 6; host++) {
            tables.host(host, "op" + host + ".example");
            tables.database.run("update pds_hosts set visited_at = now() - interval '" + host + " minutes' where id = " + id(host));
        }
        assertThat(claim("a", 2)).containsExactly("h6", "h5");
        tables.database.run("update pds_hosts set visited_at = now() where id in (" + id(6) + "," + id(5) + ")");
        assertThat(claim("a", 2)).containsExactly("h4", "h3");
    }

    @Test
    void claim_forAStage_findsWhatItHasToDo() {
        tables.host(1, "one.example");
        tables.host(2, "two.example");
        tables.database.run("update pds_hosts set list_due = 'infinity', server_due = 'infinity'");
        assertThat(claimed("a", "pds-accounts", 9)).isEmpty();
        assertThat(claimed("a", "pds-hosts", 9)).isEmpty();
        assertThat(claimed("a", "describe-repo", 9)).isEmpty();
        tables.list(id(2), 1, null, "7", "8 takendown");
        assertThat(claimed("a", "describe-repo", 9)).extracting(row -> row.get("pds")).containsExactly("https://h2.two.example");
        assertThat(claimed("a", "recent-records", 9)).as("nothing is described yet").isEmpty();
        tables.described(id(2), 7, true, "", "com.example.note");
        assertThat(claimed("a", "recent-records", 9)).hasSize(1);
        tables.database.run("update pds_hosts set state = 'failing', failures = 2");
        assertThat(claimed("a", "recent-records", 9)).hasSize(1);
        assertThat(claimed("a", "pds-hosts", 9)).as("looks whether those are back that were not there").hasSize(2);
        tables.database.run("update pds_hosts set state = 'dead', failures = 6");
        assertThat(claimed("a", "recent-records", 9)).isEmpty();
        assertThat(claimed("a", "pds-hosts", 9)).as("looks whether the dead are back").hasSize(2);
    }

    @Test
    void claim_ofAListUnderWay_saysHowManyPagesWereRead() {
        tables.host(1, "one.example");
        tables.list(id(1), 1, "a", "7");
        tables.list(id(1), 1, "b", "7");
        tables.database.run("update pds_hosts set list_due = '-infinity'");
        assertThat(claimed("a", "pds-accounts", 9)).extracting(row -> row.get("list_pages")).containsExactly(2L);
        tables.list(id(1), 2, "a", "7");
        assertThat(claimed("a", "pds-accounts", 9)).extracting(row -> row.get("list_pages")).containsExactly(1L);
    }

    /** Issue 12, A4. */
    @Test
    void claim_ofAnotherName_isForItsCheckAlone() {
        tables.host(1, "one.example");
        tables.host(2, "two.example");
        tables.list(id(2), 1, null, "7");
        tables.database.run("update pds_hosts set leader = " + id(1) + " where id = " + id(2));
        assertThat(claim("a", 9)).containsExactly("h1");
        assertThat(claimed("a", "describe-repo", 9)).isEmpty();
        assertThat(claimed("a", "pds-hosts", 9)).hasSize(2);
        assertThat(tables.list(id(2), 1, "b", "8")).as("its list is left").containsEntry("led", true);
    }

    /** Issue 12, A4: strangers decide how many accounts name a host, so that a liar could have led the host whose did it claims. */
    @Test
    void lead_whereTheDidNamesNeither_isTheOlderHostsHoweverManyAccountsNameTheOther() {
        tables.host(1, "one.example");
        tables.host(2, "two.example");
        tables.database.run("update pds_hosts set named = 1000 where id = " + id(2));
        describe(id(1), "did:web:neither.example");
        assertThat(describe(id(2), "did:web:neither.example")).containsExactly(id(1));
        assertThat(describe(id(1), "did:web:neither.example")).containsOnlyNulls();
        assertThat(describe(id(2), "did:web:h2.two.example")).containsOnlyNulls();
        assertThat(describe(id(1), "did:web:h2.two.example")).as("whom the did names").containsExactly(id(2));
    }

    /** @return the hosts that may lead it */
    private List<Object> describe(int host, String did) {
        return tables.sql.run("pds/save-description.sql", "host", host, "server", "{\"did\":\"" + did + "\"}", "software", null).stream()
                .map(row -> row.get("id"))
                .toList();
    }

    @Test
    void names_ofNames_areSettledAtTheFirst() {
        for (int host = 1; host <= 3; host++) {
            tables.host(host, "op" + host + ".example");
            tables.document(host, host);
        }
        tables.followLog();
        tables.list(id(2), 1, null, "2", "3", "99");
        tables.database.run("update pds_hosts set leader = id - 1 where id > 1");
        tables.sql.run("pds/settle-names.sql");
        assertThat(tables.database.ask("select string_agg(coalesce(leader, 0)::text, ' ' order by id) from pds_hosts")).isEqualTo("0 1 1");
        assertThat(tables.database.ask("select string_agg(host || ':' || did, ' ' order by did) from pds_repo"))
                .isEqualTo("1:did:plc:1 1:did:plc:2 1:did:plc:3");
        assertThat(tables.database.ask("select string_agg(host || '-' || coalesce(own, 0), ' ' order by pds) from pds_endpoint")).isEqualTo("1-0 1-2 1-3");
        tables.database.run("update pds_hosts set leader = null");
        tables.sql.run("pds/settle-names.sql");
        assertThat(tables.database.ask("select string_agg(host || '-' || coalesce(own, 0), ' ' order by pds) from pds_endpoint")).isEqualTo("1-0 2-2 3-3");
        assertThat(tables.repo(3, 3)).isEqualTo("?||describe");
    }

    /** Issue 12, C13: a mirror that was started once without the setting never asked these hosts. */
    @Test
    void endpoint_thatWasSkipped_isAdoptedWithItsAccounts() {
        tables.host(1, "one.example");
        tables.database.run("insert into plc_pds values (2, 'http://localhost:2583')");
        addHost("log", 2, null, null);
        tables.document(7, 2);
        tables.document(8, 1);
        tables.followLog();
        assertThat(tables.database.number("select count(*) from pds_repo")).isEqualTo(1);
        assertThat(tables.sql.run("pds/skipped-endpoints.sql", "after", 0)).extracting(row -> row.get("endpoint")).containsExactly("http://localhost:2583");
        tables.sql.run("pds/adopt-endpoints.sql", "source", "log", "endpoints", new int[] {2}, "pdses", new String[] {"http://localhost:2583"},
                "operators", new String[] {"localhost:2583"});
        assertThat(tables.repo(id(2), 7)).isEqualTo("?||describe");
        assertThat(tables.database.ask("select pds from pds_hosts where id = " + id(2))).isEqualTo("http://localhost:2583");
        assertThat(tables.database.number("select named from pds_hosts where id = " + id(2))).isEqualTo(1);
        assertThat(tables.sql.run("pds/skipped-endpoints.sql", "after", 0)).isEmpty();
    }

    private void addHost(String source, int endpoint, String pds, String operator) {
        tables.sql.run("pds/add-hosts.sql", "source", source, "endpoints", new int[] {endpoint}, "pdses", new String[] {pds},
                "operators", new String[] {operator});
    }

    @Test
    void host_fromLogFileAndRelay_isOne() {
        addHost("log", 1, "https://a.example", "a.example");
        addHost("log", 2, "https://a.example", "a.example");
        addHost("file", 0, "https://a.example", "a.example");
        addHost("relay", 0, "https://a.example", "a.example");
        addHost("relay", 0, "https://a.example", "a.example");
        addHost("log", 3, null, null);
        assertThat(tables.database.ask("select count(*) || array_to_string(max(sources), ' ') from pds_hosts"))
                .isEqualTo("1log file relay");
        assertThat(tables.database.ask("select string_agg(pds || case when host is null then '-' else '+' end, ' ' order by pds)"
                        + " from pds_endpoint"))
                .isEqualTo("1+ 2+ 3-");
    }

    @Test
    void host_thatIsNoNews_isNotWrittenAgain() {
        addHost("relay", 0, "https://a.example", "a.example");
        String before = tables.database.ask("select xmin from pds_hosts");
        addHost("relay", 0, "https://a.example", "a.example");
        assertThat(tables.database.ask("select xmin from pds_hosts")).isEqualTo(before);
        addHost("log", 1, "https://a.example", "a.example");
        addHost("log", 2, "https://a.example", "a.example");
        assertThat(tables.database.number("select count(*) from pds_endpoint where host is not null")).isEqualTo(2);
    }

    @Test
    void host_whoseOperatorIsKnownLater_isHis() {
        addHost("log", 1, "https://a.big.example", "a.big.example");
        addHost("relay", 0, "https://a.big.example", "big.example");
        tables.database.run("update pds_hosts set state = 'live', last_success = now()");
        assertThat(claimed("a", "pds-accounts", 9)).extracting(row -> row.get("operator")).containsExactly("big.example");
    }

    @Test
    void visit_noted_countsFailuresUntilAnAnswer() {
        tables.host(1, "one.example");
        for (int i = 1; i <= 6; i++) {
            note(null, false);
        }
        assertThat(state()).isEqualTo("live|0|");
        note("silent", false);
        assertThat(state()).isEqualTo("failing|1|silent");
        for (int i = 2; i <= 6; i++) {
            note("silent", false);
        }
        assertThat(state()).isEqualTo("dead|6|silent");
        note(null, true);
        assertThat(state()).isEqualTo("live|0|silent");
    }

    private void note(String error, boolean answered) {
        note("pds-hosts", error, answered, error != null);
    }

    private void note(String stage, String error, boolean answered, boolean wholeHost) {
        tables.sql.run("pds/note-visit.sql", "host", id(1), "stage", stage, "answered", answered, "error", error,
                "wholeHost", wholeHost, "deadAfter", 6,
                "nextTry", error == null ? "-infinity" : "infinity");
    }

    @Test
    void visit_thatFailsOneStageOnly_leavesTheOthersTheHost() {
        tables.host(1, "one.example");
        tables.list(id(1), 1, null, "7");
        tables.database.run("update pds_hosts set list_due = '-infinity'");
        note("pds-accounts", "too large", true, false);
        note("pds-accounts", "too large", true, false);
        assertThat(state()).isEqualTo("live|0|too large");
        assertThat(tables.database.number("select failures from pds_stage_failure")).isEqualTo(2);
        assertThat(claimed("a", "pds-accounts", 9)).isEmpty();
        assertThat(claimed("a", "describe-repo", 9)).hasSize(1);
        note("pds-accounts", null, true, false);
        assertThat(claimed("a", "pds-accounts", 9)).extracting(row -> row.get("stage_failures")).containsExactly(0);
    }

    private String state() {
        return tables.database.ask("select concat_ws('|', state, failures, coalesce(last_error, '')) from pds_hosts");
    }
}
