package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.store.HandleWork;
import dev.atmirror.store.SearchPath;
import dev.atmirror.testkit.DeclaredHandles;
import dev.atmirror.testkit.SqlFiles;
import dev.atmirror.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The statements of the stage that checks handles. */
class HandleStatementsIT {
    private final TestDatabase database = TestDatabase.create();
    private final DeclaredHandles accounts = new DeclaredHandles(database);
    private final SqlFiles sql;

    HandleStatementsIT() {
        database.migrate();
        sql = new SqlFiles(database);
    }

    @AfterEach
    void stop() {
        sql.close();
    }

    private void follow() {
        follow(sql.run("handle/log-end.sql").get(0));
    }

    /** @param log where it was read to, and its end */
    private void follow(Map<String, Object> log) {
        sql.run("handle/follow-log.sql", "from", log.get("from"), "end", log.get("end"),
                "patterns", new String[] {"%.brid.gy"},
                "recent", Instant.now().minus(Duration.ofDays(1)).toString(),
                "soon", Instant.now().plus(Duration.ofMinutes(1)).toString());
    }

    private List<Map<String, Object>> claim(int batch, int quota) {
        return sql.run("handle/claim.sql", "due", Instant.now().plus(Duration.ofMinutes(2)).toString(), "batch", batch,
                        "parents", 50, "paused", new String[] {"paused.com"}, "quota", quota, "spacing", 0.1, "ahead", 5,
                        "lease", 120)
                .stream()
                .filter(row -> row.get("account") != null)
                .toList();
    }

    private static List<Object> handles(List<Map<String, Object>> rows) {
        return rows.stream().map(row -> row.get("handle")).toList();
    }

    private void save(Map<String, Object> row, String result, String pointsTo, boolean fresh) {
        sql.run("handle/save.sql", "accounts", new int[] {((Number) row.get("account")).intValue()},
                "operations", new long[] {((Number) row.get("operation")).longValue()},
                "claims", new String[] {(String) row.get("claim")}, "results", new String[] {result},
                "methods", new String[] {"d"}, "pointsTo", new String[] {pointsTo}, "details", new String[] {""},
                "again", new String[] {"2040-01-01T00:00:00Z"}, "fresh", new Boolean[] {fresh});
    }

    private String due(int account) {
        return database.ask("select case when due = '-infinity' then 'waits' when due = 'infinity' then 'never'"
                + " when due <= now() + interval '1 minute' then 'soon' else 'later' end || case when fresh then ' fresh' else '' end"
                + " from handle_check where account = " + account);
    }

    private String parents() {
        return database.ask("select string_agg(name, ' ' order by name collate \"C\") from handle_parent");
    }

    @Test
    void log_followedByTwoAtOnce_leavesClaims() {
        accounts.manyOfOld(3, "big.test");
        Map<String, Object> before = sql.run("handle/log-end.sql").get(0);
        follow();
        assertThat(claim(9, 9)).hasSize(3);
        follow(before);
        assertThat(claim(9, 9)).as("claimed by another").isEmpty();
    }

    @Test
    void log_newHandles_areDueSoonAndOldOnesWhenTheirTurnComes() {
        accounts.declares(1, "new.bsky.social");
        accounts.declaredOfOld(2, "old.bsky.social");
        accounts.declaredOfOld(3, "domain.com");
        accounts.declaredOfOld(4, "user.instance.social.ap.brid.gy");
        accounts.tombstone(5);
        follow();
        assertThat(due(1)).isEqualTo("soon fresh");
        assertThat(due(2)).isEqualTo("waits");
        assertThat(parents()).isEqualTo(" brid.gy bsky.social");
        assertThat(database.number("select count(*) from handle_check where account = 5")).isZero();
        assertThat(database.number("select seq from sync_cursors where stage = 'handles'")).isEqualTo(5);
    }

    @Test
    void log_sameHandleAgain_changesNothingAndAnotherOneIsDueSoon() {
        accounts.declaredOfOld(1, "alice.bsky.social");
        follow();
        save(claim(10, 10).get(0), "v", "", false);
        accounts.declares(1, "alice.bsky.social"); // a new key, say
        follow();
        assertThat(due(1)).isEqualTo("later");
        assertThat(database.ask("select handle_match from account_infos")).isEqualTo("t");
        accounts.declares(1, "alice.com");
        follow();
        assertThat(due(1)).isEqualTo("soon fresh");
        assertThat(database.ask("select handle_match from account_infos")).isEqualTo("null");
        assertThat(database.ask("select handle_result from account_infos")).isEqualTo("unchecked");
        accounts.tombstone(1);
        follow();
        assertThat(due(1)).startsWith("never");
    }

    @Test
    void log_whatWasMeantToBeAHandle_isOfInvalidSyntax() {
        accounts.odd(1, "{\"alsoKnownAs\":[7,\"at://not a handle\"]}");
        accounts.odd(2, "{\"alsoKnownAs\":[\"https://example.com\"]}");
        accounts.odd(3, "{\"alsoKnownAs\":\"at://text\"}");
        accounts.odd(4, "{\"alsoKnownAs\":[\"at://\\u0000\"]}");
        follow();
        assertThat(database.ask("select string_agg(did || ' ' || result, ' ' order by did) from handle_checks"))
                .isEqualTo("did:plc:1 invalid_syntax did:plc:4 invalid_syntax");
        assertThat(database.ask("select string_agg(coalesce(handle_match::text, '?'), ' ' order by did) from account_infos"))
                .isEqualTo("false ? ? false");
        accounts.declares(1, "alice.com");
        follow();
        assertThat(due(1)).isEqualTo("soon fresh");
    }

    @Test
    void claim_manyParents_takesInTurnAndOfEachNoMoreThanItsPaceAllows() {
        for (int i = 1; i <= 6; i++) {
            accounts.declaredOfOld(i, "u" + i + ".big.com");
            accounts.declaredOfOld(10 + i, "u" + i + ".small" + i + ".com");
            accounts.declaredOfOld(20 + i, "domain" + i + ".com");
        }
        accounts.declaredOfOld(30, "u.paused.com");
        follow();
        List<Map<String, Object>> first = claim(100, 3);
        assertThat(handles(first)).filteredOn(handle -> handle.toString().endsWith(".big.com")).hasSize(3);
        assertThat(first).hasSize(3 + 6 + 6);
        List<Map<String, Object>> second = claim(100, 3);
        assertThat(handles(second)).as("ahead of the pace by seconds").hasSize(3).allMatch(handle -> handle.toString().endsWith(".big.com"));
        assertThat(((Number) second.get(0).get("starts")).doubleValue()).isBetween(0.01, 0.3);
        database.run("update handle_parent set free_at = now() + interval '6 seconds' where name = 'big.com'");
        assertThat(claim(100, 3)).isEmpty();
    }

    @Test
    void claim_littleRoom_isSharedByParents() {
        for (int i = 1; i <= 9; i++) {
            accounts.declaredOfOld(i, "u" + i + ".p" + i % 3 + ".com");
        }
        follow();
        assertThat(handles(claim(3, 100)).stream().map(handle -> handle.toString().substring(3))).containsExactlyInAnyOrder("p0.com", "p1.com", "p2.com");
        assertThat(claim(100, 100)).hasSize(6);
    }

    @Test
    void claim_changedOfLate_comesBeforeTheBacklog() {
        accounts.manyOfOld(50, "big.com");
        accounts.declares(100, "new.big.com");
        follow();
        assertThat(handles(claim(1, 10))).containsExactly("new.big.com");
    }

    @Test
    void claim_severalAtATime_neverTakesTheSame() throws Exception {
        accounts.manyOfOld(300, "big.com");
        database.run("update plc_operation set handle = replace(handle, '.big', '') where id % 3 = 0");
        follow();
        Map<Object, Integer> taken = new ConcurrentHashMap<>();
        ExecutorService processes = Executors.newFixedThreadPool(4);
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ends.add(processes.submit(() -> {
                for (int round = 0; round < 40; round++) {
                    database.run("update handle_parent set free_at = '-infinity'");
                    claim(7, 5).forEach(row -> taken.merge(row.get("account"), 1, Integer::sum));
                }
            }));
        }
        for (Future<?> end : ends) {
            end.get();
        }
        processes.shutdown();
        claim(500, 500).forEach(row -> taken.merge(row.get("account"), 1, Integer::sum));
        assertThat(taken).hasSize(300).allSatisfy((account, times) -> assertThat(times).isEqualTo(1));
    }

    @Test
    void claim_ofAKilledProcess_comesAgainWhenItEnds() {
        accounts.declaredOfOld(1, "alice.big.com");
        follow();
        assertThat(claim(10, 10)).hasSize(1);
        assertThat(claim(10, 10)).isEmpty();
        database.run("update handle_check set due = due - interval '5 minutes'");
        database.run("update handle_parent set next_due = next_due - interval '5 minutes', free_at = '-infinity'");
        assertThat(claim(10, 10)).hasSize(1);
    }

    @Test
    void save_dateThatChangedMeanwhile_stays() {
        accounts.declaredOfOld(1, "alice.com");
        follow();
        Map<String, Object> claimed = claim(10, 10).get(0);
        accounts.declares(1, "other.com");
        follow();
        save(claimed, "v", "", false);
        assertThat(due(1)).isEqualTo("soon fresh");
        assertThat(database.ask("select result from handle_checks")).isEqualTo("unchecked");
    }

    @Test
    void save_onlyADate_leavesWhatIsKnown() {
        accounts.declaredOfOld(1, "alice.com");
        follow();
        save(claim(10, 10).get(0), "e", "did:plc:x", false);
        String before = database.ask("select v::text from (select result, points_to, checked_at, tried_at, since, failures from handle_checks) v");
        Map<String, Object> one = sql.run("handle/claim-one.sql", "did", "did:plc:1", "lease", 60, "patterns", new String[0]).get(0);
        save(one, "-", "", false);
        assertThat(database.ask("select v::text from (select result, points_to, checked_at, tried_at, since, failures from handle_checks) v"))
                .isEqualTo(before);
        assertThat(due(1)).isEqualTo("later");
    }

    @Test
    void claimOne_beforeTheStageCameToIt_isFoundByTheStageLater() {
        accounts.declares(1, "alice.big.com");
        Map<String, Object> one = sql.run("handle/claim-one.sql", "did", "did:plc:1", "lease", 60, "patterns", new String[0]).get(0);
        save(one, "v", "", true);
        follow();
        assertThat(parents()).isEqualTo("big.com");
        database.run("update handle_check set due = now()");
        database.run("update handle_parent set next_due = now()");
        assertThat(claim(10, 10)).hasSize(1);
    }

    @Test
    void changes_savedByManyAtATime_areSeenInTheOrderOfTheirNumbers() throws Exception {
        int all = 400;
        accounts.manyOfOld(all, "big.com");
        follow();
        database.run("update handle_check set result = 'n', operation = account");
        Map<Integer, Map<String, Object>> claims = new HashMap<>();
        claim(all, all).forEach(row -> claims.put(((Number) row.get("account")).intValue(), row));
        ExecutorService writers = Executors.newFixedThreadPool(4);
        List<Future<?>> ends = IntStream.rangeClosed(1, all)
                .<Future<?>>mapToObj(account -> writers.submit(() -> save(claims.get(account), "v", "", false)))
                .toList();
        List<Long> read = new ArrayList<>();
        try (Connection reader = database.connect(); Statement statement = reader.createStatement()) {
            boolean over = false;
            while (!over) {
                over = ends.stream().allMatch(Future::isDone);
                long last = read.isEmpty() ? 0 : read.get(read.size() - 1);
                try (ResultSet rows = statement.executeQuery("select seq from handle_changes where seq > " + last + " order by seq")) {
                    while (rows.next()) {
                        read.add(rows.getLong(1));
                    }
                }
            }
        }
        writers.shutdown();
        for (Future<?> end : ends) {
            end.get();
        }
        assertThat(read).as("a reader who goes on behind the last number misses none").hasSize(all);
    }

    @Test
    void work_isCountedAndMadeDue() {
        accounts.declaredOfOld(1, "alice.big.com");
        accounts.declaredOfOld(2, "bob.big.com");
        follow();
        PGSimpleDataSource source = SearchPath.plain();
        source.setUrl(database.url());
        HandleWork work = new HandleWork(source);
        assertThat(work.left(Instant.now())).isEqualTo(2);
        assertThat(work.parents(Instant.now())).isEqualTo(1);
        assertThat(work.tally().results()).isEmpty();
        save(claim(1, 1).get(0), "v", "", false);
        work.count();
        assertThat(work.tally().results()).containsEntry("valid", 1L).containsEntry("unchecked", 1L);
        assertThat(work.tally().checked()).isEqualTo(1);
        assertThat(work.tally().left()).isEqualTo(1);
        work.makeDue(Instant.now().minusSeconds(3_600), Duration.ofMinutes(2));
        assertThat(work.left(Instant.now())).as("checked within the hour").isEqualTo(1);
        work.makeDue(Instant.now().plusSeconds(60), Duration.ofMinutes(2));
        assertThat(work.left(Instant.now())).isEqualTo(2);
        assertThat(claim(10, 10)).hasSize(2);
    }
}
