package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.SqlFiles;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Accounts at their hosts, as the statements in {@code sql/repo} keep them. */
class RepoStatementsIT {
    private final CrawlTables tables = new CrawlTables();

    @BeforeEach
    void hosts() {
        tables.host(1, "one.example");
        tables.host(2, "two.example");
    }

    @AfterEach
    void close() {
        tables.close();
    }

    @Test
    void log_followed_putsAccountsAtTheHostOfTheirDocument() {
        tables.document(7, 1);
        tables.document(8, 2);
        tables.document(9, 1);
        tables.operation(9, 0, 't');
        tables.document(10, 0);
        tables.database.run("insert into plc_pds values (3, 'nonsense')");
        tables.sql.run("pds/add-hosts.sql", "source", "log", "endpoints", new int[] {3}, "pdses", new String[] {null},
                "operators", new String[] {null});
        tables.document(11, 3);
        tables.followLog();
        String rows = "select string_agg(host || ':' || did, ' ' order by did) from pds_repo";
        assertThat(tables.database.ask(rows)).isEqualTo("1:did:plc:7 2:did:plc:8");
        tables.database.run("update sync_cursors set seq = 0 where stage = 'pds-hosts'");
        tables.followLog();
        assertThat(tables.database.ask(rows)).isEqualTo("1:did:plc:7 2:did:plc:8");
        assertThat(tables.database.ask("select seq from sync_cursors where stage = 'pds-hosts' and host = 'log'"))
                .isEqualTo(tables.database.ask("select max(id) from plc_operation"));
        assertThat(tables.database.ask("select count(*) from pds_repos")).as("nobody was asked yet").isEqualTo("0");
    }

    @Test
    void log_followedByTwoAtOnce_leavesClaimsAndCountsOnce() {
        tables.document(7, 1);
        tables.followLog();
        assertThat(tables.claimToDescribe(1, 9)).containsExactly("did:plc:7");
        assertThat(tables.sql.run("repo/follow-log.sql", "from", 0L, "end", 1L).get(0)).as("goes on where the other is").containsEntry("from", 1L);
        assertThat(tables.claimToDescribe(1, 9)).as("claimed by another").isEmpty();
        assertThat(tables.database.ask("select named from pds_hosts where id = 1")).isEqualTo("1");
    }

    @Test
    void account_thatMoved_isAskedForAtTheNewHost() {
        tables.document(7, 1);
        tables.followLog();
        assertThat(tables.claimToDescribe(1, 9)).containsExactly("did:plc:7");
        tables.described(1, 7, true, "", "");
        tables.document(7, 2);
        tables.followLog();
        assertThat(tables.claimToDescribe(2, 9)).containsExactly("did:plc:7");
        tables.described(2, 7, true, "", "");
        assertThat(tables.repo(2, 7)).isEqualTo("true||records");
        assertThat(tables.database.ask("select pds || active || coalesce(status, '') from account_infos"))
                .isEqualTo("https://h2.two.exampletrue");
        tables.list(1, 1, null, "7 deactivated");
        assertThat(tables.database.ask("select active from account_infos")).as("the old host has no say").isEqualTo("t");
    }

    @Test
    void account_namedElsewhere_isPassedOverUntilItsDocumentNamesTheHost() {
        tables.document(7, 2);
        tables.followLog();
        tables.list(1, 1, null, "7");
        assertThat(tables.claimToDescribe(1, 9)).containsExactly("(did:plc:7)");
        tables.list(1, 2, null, "7");
        assertThat(tables.claimToDescribe(1, 9)).isEmpty();
        tables.document(7, 1);
        tables.followLog();
        assertThat(tables.claimToDescribe(1, 9)).containsExactly("did:plc:7");
        assertThat(tables.claimToDescribe(2, 9)).containsExactly("(did:plc:7)");
    }

    @Test
    void account_tombstonedOrUnknown_isPassedOver() {
        tables.document(7, 1);
        tables.followLog();
        tables.operation(7, 0, 't');
        tables.followLog();
        tables.list(1, 1, null, "7", "8");
        assertThat(tables.claimToDescribe(1, 9)).containsExactly("(did:plc:7)", "(did:plc:8)");
        assertThat(tables.claimToDescribe(1, 9)).isEmpty();
        assertThat(tables.database.ask("select tombstoned || coalesce(active::text, ' unknown') from account_infos"))
                .isEqualTo("true unknown");
    }

    @Test
    void claim_whileAnotherIsOpen_takesOthers() throws Exception {
        for (int account = 1; account <= 4; account++) {
            tables.document(account, 1);
        }
        tables.followLog();
        try (Connection other = tables.database.connect(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(SqlFiles.text("repo/claim-to-describe.sql", "host", 1, "due", "now()", "batch", 2, "lease", 900));
            List<String> second = tables.claimToDescribe(1, 9);
            assertThat(second).hasSize(2);
            other.rollback();
            List<String> all = new ArrayList<>(tables.claimToDescribe(1, 9));
            all.addAll(second);
            assertThat(all).as("what was rolled back is free").hasSize(4).doesNotHaveDuplicates();
        }
    }

    @Test
    void claim_ofAKilledProcess_ends() {
        tables.document(7, 1);
        tables.followLog();
        assertThat(tables.claim("repo/claim-to-describe.sql", 1, 9, 900)).hasSize(1);
        assertThat(tables.claim("repo/claim-to-describe.sql", 1, 9, 900)).isEmpty();
        tables.database.run("update pds_repo set describe_due = describe_due - interval '901 seconds'");
        String due = tables.database.ask("select now()");
        assertThat(tables.sql.run("repo/claim-to-describe.sql", "host", 1, "due", due, "batch", 9, "lease", 900)).hasSize(1);
    }

    @Test
    void list_withOneDidTwice_keepsOne() {
        tables.list(1, 1, "c1", "7", "7", "8");
        assertThat(tables.database.number("select count(*) from pds_repo")).isEqualTo(2);
        assertThat(tables.database.ask("select list_cursor || pass from pds_hosts where id = 1")).isEqualTo("c11");
        String started = tables.database.ask("select pass_started from pds_hosts where id = 1");
        tables.list(1, 1, "c2", "8", "9");
        assertThat(tables.database.ask("select pass_started from pds_hosts where id = 1")).isEqualTo(started);
        assertThat(tables.database.number("select count(*) from pds_repo")).isEqualTo(3);
    }

    /** Issue 12, A5: repos that a list names again and again are no repos more. */
    @Test
    void list_thatRepeatsItself_isCountedOnce() {
        assertThat(tables.list(1, 1, "a", "7", "8", "7")).containsEntry("fresh", 2L).containsEntry("listed", 2L);
        assertThat(tables.list(1, 1, "b", "8", "9")).containsEntry("fresh", 1L).containsEntry("listed", 3L);
        assertThat(tables.list(1, 1, "a", "7", "8")).containsEntry("fresh", 0L).containsEntry("listed", 3L);
        tables.finishList(1, 1, true);
        assertThat(tables.list(1, 2, null, "7")).as("the next pass counts anew").containsEntry("fresh", 1L).containsEntry("listed", 1L);
    }

    @Test
    void account_listedInactiveAndBack_isAskedForAgain() {
        tables.document(7, 1);
        tables.list(1, 1, null, "7");
        assertThat(tables.repo(1, 7)).isEqualTo("true||describe");
        tables.described(1, 7, true, "", "com.example.note");
        assertThat(tables.repo(1, 7)).isEqualTo("true||records");
        tables.list(1, 2, null, "7 takendown");
        assertThat(tables.repo(1, 7)).isEqualTo("false|takendown");
        tables.list(1, 3, null, "7 takendown");
        assertThat(tables.repo(1, 7)).isEqualTo("false|takendown");
        tables.list(1, 4, null, "7");
        assertThat(tables.repo(1, 7)).isEqualTo("true||describe");
        tables.described(1, 7, true, "", "com.example.note");
        assertThat(tables.repo(1, 7)).isEqualTo("true||records");
        tables.list(1, 5, null, "7");
        assertThat(tables.repo(1, 7)).as("nothing new").isEqualTo("true||records");
    }

    @Test
    void account_thatACompleteListLeavesOut_vanishes() {
        tables.list(1, 1, null, "7", "8", "9 deactivated");
        tables.finishList(1, 1, true);
        assertThat(tables.database.ask("select repos || ' ' || active_repos from pds_hosts where id = 1")).isEqualTo("3 2");
        tables.list(1, 2, "c", "8");
        tables.finishList(1, 2, false);
        assertThat(tables.repo(1, 7)).as("half a list says nothing").startsWith("true");
        tables.list(1, 3, null, "8");
        tables.finishList(1, 3, true);
        assertThat(tables.repo(1, 7)).isEqualTo("false|vanished|describe");
        assertThat(tables.repo(1, 8)).startsWith("true");
        assertThat(tables.repo(1, 9)).isEqualTo("false|vanished|describe");
        assertThat(tables.database.ask("select list_cursor from pds_hosts where id = 1")).isEqualTo("null");
        tables.described(1, 7, false, "notfound", null);
        assertThat(tables.repo(1, 7)).isEqualTo("false|deleted");
        tables.described(1, 9, false, "deactivated", null);
        tables.list(1, 4, null, "8");
        tables.finishList(1, 4, true);
        assertThat(tables.repo(1, 7)).isEqualTo("false|deleted");
        assertThat(tables.repo(1, 9)).as("it is known to be there, though not listed").isEqualTo("false|deactivated");
        tables.list(1, 5, null, "7", "8");
        assertThat(tables.repo(1, 7)).as("back again").isEqualTo("true||describe");
    }

    @Test
    void account_thatNobodyListed_doesNotVanishAndIsNotFound() {
        tables.document(7, 1);
        tables.followLog();
        tables.list(1, 1, null, "8");
        tables.finishList(1, 1, true);
        assertThat(tables.repo(1, 7)).isEqualTo("?||describe");
        tables.described(1, 7, false, "notfound", null);
        assertThat(tables.repo(1, 7)).isEqualTo("false|notfound");
    }

    @Test
    void answer_thatSaysNothing_changesNothingButTheDate() {
        tables.document(7, 1);
        tables.list(1, 1, null, "7");
        tables.described(1, 7, true, "", "com.example.note");
        String before = tables.database.ask("select active || status || updated_at || records_due from pds_repo");
        tables.described(1, 7, null, "", null);
        assertThat(tables.database.ask("select active || status || updated_at || records_due from pds_repo")).isEqualTo(before);
        assertThat(tables.database.ask("select collections from account_extra")).isEqualTo("{com.example.note}");
    }

    /** Issue 12, D24: an account that always fails was asked every six hours for ever, and nobody could see why. */
    @Test
    void account_onWhichItsHostFails_isCountedUntilItAnswers() {
        String failures = "select string_agg(pds || ' ' || did || ' ' || stage || ' ' || failures || ' ' || last_error, ',') from pds_repo_failures";
        tables.document(7, 1);
        tables.list(1, 1, null, "7");
        tables.described(1, 7, null, "", null);
        tables.described(1, 7, null, "", null);
        assertThat(tables.database.ask(failures))
                .isEqualTo("https://h1.one.example did:plc:7 describe-repo 2 describeRepo: answered 500");
        assertThat(tables.database.ask("select next_try from pds_repo_failures")).startsWith("2031-01-01");
        tables.database.run("update pds_repo set describe_due = '-infinity'");
        assertThat(tables.sql.run("repo/claim-to-describe.sql", "host", 1, "due", CrawlTables.NOW, "batch", 9, "lease", 900))
                .extracting(row -> row.get("failures"))
                .containsExactly(2);
        tables.described(1, 7, true, "", "com.example.note");
        assertThat(tables.database.ask(failures)).isEqualTo("null");
    }

    @Test
    void account_thatWasNotAsked_keepsItsFailures() {
        tables.document(7, 1);
        tables.list(1, 1, null, "7");
        tables.described(1, 7, null, "", null);
        tables.database.run("update pds_repo set describe_due = now() + interval '15 minutes'");
        tables.sql.run("repo/save-described.sql", "host", 1, "dids", new String[] {"did:plc:7"}, "accounts", new int[] {7},
                "actives", new Boolean[] {null}, "statuses", new String[] {""}, "described", new String[] {null},
                "collections", new String[] {null}, "again", new String[] {CrawlTables.NOW}, "errors", new String[] {null});
        assertThat(tables.database.ask("select failures from pds_repo_failures")).isEqualTo("1");
    }

    @Test
    void answer_storedBehindAListThatKnowsBetter_changesNothing() {
        tables.document(7, 1);
        tables.followLog();
        tables.list(1, 1, null, "7");
        assertThat(tables.claimToDescribe(1, 9)).containsExactly("did:plc:7");
        tables.list(1, 2, null, "7 takendown");
        tables.answered(1, 7, true, "", "com.example.note");
        assertThat(tables.repo(1, 7)).as("asked before it was taken down").isEqualTo("false|takendown");
        tables.described(1, 7, false, "takendown", null);
        assertThat(tables.repo(1, 7)).isEqualTo("false|takendown");
        tables.database.run("update pds_repo set describe_due = '-infinity'");
        assertThat(tables.claimToDescribe(1, 9)).containsExactly("did:plc:7");
        tables.list(1, 3, null, "7");
        tables.answered(1, 7, false, "takendown", null);
        assertThat(tables.repo(1, 7)).as("asked before it was back, and asked again").isEqualTo("true||describe");
        assertThat(tables.database.ask("select count(*) from account_extra")).isEqualTo("0");
    }

    @Test
    void answer_ofASecondNotFound_isNoNews() {
        tables.list(1, 1, null, "7");
        tables.described(1, 7, false, "notfound", null);
        String before = tables.database.ask("select status || updated_at from pds_repo");
        assertThat(before).startsWith("deleted");
        tables.described(1, 7, false, "notfound", null);
        assertThat(tables.database.ask("select status || updated_at from pds_repo")).isEqualTo(before);
    }

    @Test
    void claims_amongManyAccounts_scanNoTable() throws Exception {
        tables.database.run("insert into pds_repo (host, did, describe_due, records_due)"
                + " select n % 50 + 1, 'did:plc:m' || n, now() - n * interval '1 second', now() - n * interval '1 second'"
                + " from generate_series(1, 200000) n");
        tables.database.run("analyze pds_repo");
        for (String file : List.of("repo/claim-to-describe.sql", "record/claim-accounts.sql")) {
            assertThat(plan(SqlFiles.text(file, "host", 1, "due", "now()", "batch", 50, "lease", 900)))
                    .as(file)
                    .contains(file.startsWith("repo") ? "pds_repo_describe" : "pds_repo_records")
                    .doesNotContain("Seq Scan");
        }
        for (String stage : List.of("describe-repo", "recent-records")) {
            assertThat(plan(SqlFiles.text("pds/claim-hosts.sql", "stage", "text '" + stage + "'", "due", "now()", "claim", 900, "start", "''",
                            "only", "null", "busy", "array[]::int[]", "owner", "'a'", "lease", 60, "free", 9)))
                    .as(stage)
                    .doesNotContain("Seq Scan on pds_repo");
        }
        tables.database.run("update pds_hosts set leader = (select min(id) from pds_hosts) where id > (select min(id) from pds_hosts)");
        tables.database.run("analyze pds_hosts");
        assertThat(plan(SqlFiles.text("pds/settle-names.sql"))).contains("pds_repo_pkey").doesNotContain("Seq Scan on pds_repo");
    }

    /** As the pool of the stages plans. */
    private String plan(String sql) throws Exception {
        try (Connection connection = tables.database.connect(); Statement statement = connection.createStatement()) {
            statement.execute("set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off");
            StringBuilder plan = new StringBuilder();
            try (var rows = statement.executeQuery("explain (costs off) " + sql)) {
                while (rows.next()) {
                    plan.append(rows.getString(1)).append('\n');
                }
            }
            return plan.toString();
        }
    }
}
