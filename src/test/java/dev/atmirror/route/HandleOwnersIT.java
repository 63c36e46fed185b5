package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.atmirror.testkit.DeclaredHandles;
import dev.atmirror.testkit.SqlFiles;
import dev.atmirror.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A handle has one verified owner at most, whoever stores what checks found (issue 12, A1). */
class HandleOwnersIT {
    private static final String HANDLE = "example.com";
    private static final String TWO_OWNERS = "select count(*) from (select handle from handle_checks where result = 'valid'"
            + " group by handle having count(*) > 1) twice";

    private final TestDatabase database = TestDatabase.create();
    private final DeclaredHandles accounts = new DeclaredHandles(database);
    private final SqlFiles sql = new SqlFiles(database);

    @AfterEach
    void stop() {
        sql.close();
    }

    /** What a check of an account came to. @param result the letter @param pointsTo another DID, or nothing */
    private record Found(int account, String result, String pointsTo) {}

    private Map<String, Object> claim(int account) {
        return sql.run("handle/claim-one.sql", "did", "did:plc:" + account, "lease", 60, "patterns", new String[0]).get(0);
    }

    private void save(Found... batch) {
        List<Map<String, Object>> claims = new ArrayList<>();
        for (Found each : batch) {
            claims.add(claim(each.account));
        }
        save(claims, batch);
    }

    private void save(List<Map<String, Object>> claims, Found... batch) {
        List<Found> found = List.of(batch);
        sql.run("handle/save.sql",
                "accounts", found.stream().mapToInt(Found::account).toArray(),
                "operations", claims.stream().mapToLong(claim -> ((Number) claim.get("operation")).longValue()).toArray(),
                "claims", claims.stream().map(claim -> (String) claim.get("claim")).toArray(String[]::new),
                "results", found.stream().map(Found::result).toArray(String[]::new),
                "methods", found.stream().map(each -> "d").toArray(String[]::new),
                "pointsTo", found.stream().map(Found::pointsTo).toArray(String[]::new),
                "details", found.stream().map(each -> "").toArray(String[]::new),
                "again", found.stream().map(each -> "2040-01-01T00:00:00Z").toArray(String[]::new),
                "fresh", found.stream().map(each -> false).toArray(Boolean[]::new));
    }

    private static Found valid(int account) {
        return new Found(account, "v", "");
    }

    private String state(int account) {
        return database.ask("select concat_ws(' ', result, points_to) from handle_checks where did = 'did:plc:" + account + "'");
    }

    private String changes(int account) {
        return database.ask("select string_agg(was || '>' || concat_ws(' ', result, points_to), ', ' order by seq) from handle_changes"
                + " where did = 'did:plc:" + account + "'");
    }

    private String due(int account) {
        return database.ask("select (v.due <= now() + interval '11 minutes' and v.fresh and p.next_due <= v.due)::text"
                + " from handle_check v join handle_parent p on p.id = v.parent where v.account = " + account);
    }

    @Test
    void save_whatProvesAnAccount_disprovesTheOwnerBeforeIt() {
        database.migrate();
        accounts.declaredOfOld(1, HANDLE);
        save(valid(1));
        accounts.declares(2, HANDLE);
        save(valid(2));
        assertThat(state(2)).isEqualTo("valid");
        assertThat(state(1)).isEqualTo("points_elsewhere did:plc:2");
        assertThat(changes(1)).isEqualTo("valid>points_elsewhere did:plc:2");
        assertThat(database.ask("select string_agg(handle_match::text, ' ' order by did) from account_infos")).isEqualTo("false true");
        assertThat(due(1)).as("looked at soon, as any changed result").isEqualTo("true");
        save(valid(1));
        assertThat(state(1) + ", " + state(2)).as("and back").isEqualTo("valid, points_elsewhere did:plc:1");
    }

    @Test
    void save_whatProvesAnAccount_disprovesEveryOtherClaimant() {
        database.migrate();
        for (int account = 1; account <= 5; account++) {
            accounts.declaredOfOld(account, HANDLE);
        }
        save(new Found(1, "n", ""), new Found(2, "u", ""), new Found(3, "e", "did:plc:9"));
        claim(4);
        accounts.declaredOfOld(6, "other.com");
        save(valid(6));
        save(valid(5));
        for (int account = 1; account <= 4; account++) {
            assertThat(state(account)).as("account %s", account).isEqualTo("points_elsewhere did:plc:5");
        }
        assertThat(changes(1)).isEqualTo("no_record>points_elsewhere did:plc:5");
        assertThat(changes(4)).as("the first answer for a handle of old is no change").isEqualTo("null");
        assertThat(state(6)).isEqualTo("valid");
    }

    @Test
    void save_twoOwnersInOneBatch_leavesTheOneThatDeclaredItLast() {
        database.migrate();
        accounts.declaredOfOld(2, HANDLE);
        accounts.declares(1, HANDLE);
        save(valid(2), valid(1));
        assertThat(state(1) + ", " + state(2)).isEqualTo("valid, points_elsewhere did:plc:1");
        save(new Found(1, "e", "did:plc:2"), valid(2));
        assertThat(state(1) + ", " + state(2)).isEqualTo("points_elsewhere did:plc:2, valid");
        assertThat(database.ask(TWO_OWNERS)).isEqualTo("0");
    }

    @Test
    void save_anOwnerThatDeclaresAnotherHandleSince_losesTheOldOneWithoutNews() {
        database.migrate();
        accounts.declaredOfOld(1, HANDLE);
        save(valid(1));
        accounts.declares(1, "other.com");
        accounts.declares(2, HANDLE);
        save(valid(2));
        assertThat(state(1)).isEqualTo("unchecked");
        assertThat(changes(1)).isEqualTo("null");
        assertThat(database.ask("select string_agg(account || owned, ' ') from handle_check where owned <> ''")).isEqualTo("2" + HANDLE);
        save(valid(1));
        assertThat(state(1)).isEqualTo("valid");
        assertThat(state(2)).isEqualTo("valid");
    }

    @Test
    void save_anAnswerThatNamesAThirdAccount_disprovesTheOwnerAndChecksTheThirdNext() {
        database.migrate();
        accounts.declaredOfOld(1, HANDLE);
        accounts.declaredOfOld(2, HANDLE);
        accounts.declaredOfOld(3, HANDLE);
        save(new Found(3, "n", ""));
        save(valid(1));
        database.run("update handle_check set checked_at = now() - interval '1 day', due = now() + interval '9 days'");
        save(new Found(2, "e", "did:plc:3"));
        assertThat(state(1)).isEqualTo("points_elsewhere did:plc:3");
        assertThat(due(3)).isEqualTo("true");
    }

    @Test
    void save_anAnswerThatNamesNobody_looksAtTheOwnerAgain() {
        database.migrate();
        accounts.declaredOfOld(1, HANDLE);
        accounts.declaredOfOld(2, HANDLE);
        save(valid(1));
        database.run("update handle_check set checked_at = now() - interval '1 day', due = now() + interval '9 days'");
        save(new Found(2, "n", ""));
        assertThat(state(1)).as("not by another's answer").isEqualTo("valid");
        assertThat(due(1)).isEqualTo("true");
    }

    @Test
    void save_sameHandlesByTwoAtOnce_neverFailsAndLeavesOneOwnerOfEach() throws Exception {
        database.migrate();
        int handles = 30;
        for (int handle = 0; handle < handles; handle++) {
            accounts.declaredOfOld(1 + handle, "h" + handle + ".com");
            accounts.declaredOfOld(100 + handles - handle, "h" + handle + ".com");
        }
        ExecutorService processes = Executors.newFixedThreadPool(3);
        List<Future<?>> ends = new ArrayList<>();
        for (int first : new int[] {1, 101}) {
            List<Map<String, Object>> claims = IntStream.range(first, first + handles).mapToObj(this::claim).toList();
            Found[] batch = IntStream.range(first, first + handles).mapToObj(HandleOwnersIT::valid).toArray(Found[]::new);
            ends.add(processes.submit(() -> {
                for (int round = 0; round < 60; round++) {
                    save(claims, batch);
                }
            }));
        }
        ends.add(processes.submit(() -> { // follows the log meanwhile, which locks the same rows
            for (int round = 0; round < 60; round++) {
                database.run("delete from sync_cursors");
                sql.run("handle/follow-log.sql", "from", 0, "end", 2 * handles, "patterns", new String[0],
                        "recent", "2000-01-01T00:00:00Z", "soon", "2000-01-01T00:00:00Z");
            }
        }));
        for (Future<?> end : ends) {
            end.get(); // throws what a statement threw
        }
        processes.shutdown();
        assertThat(database.ask(TWO_OWNERS)).isEqualTo("0");
        assertThat(database.number("select count(*) from handle_checks where result = 'valid'")).isEqualTo(handles);
        assertThat(database.number("select count(*) from handle_check where (result = 'v') <> (owned <> '')")).isZero();
        // Whoever follows the changes comes to the same: of each account the last word is what stands there.
        assertThat(database.number("select count(*) from handle_checks c join lateral (select h.result from handle_changes h"
                        + " where h.did = c.did order by seq desc limit 1) last on true where last.result <> c.result"))
                .isZero();
    }

    @Test
    void index_aSecondOwner_isRefused() {
        database.migrate();
        accounts.declaredOfOld(1, HANDLE);
        accounts.declaredOfOld(2, HANDLE);
        save(valid(1));
        claim(2);
        assertThatIllegalStateException()
                .isThrownBy(() -> database.run("update handle_check set owned = '" + HANDLE + "'"))
                .havingCause()
                .withMessageContaining("handle_check_owned");
    }

    @Test
    void migration_twoOwnersOfOneHandle_leavesTheOneThatWasCheckedLast() {
        Flyway.configure().dataSource(database.url(), "postgres", "").target("5").load().migrate();
        accounts.declaredOfOld(1, HANDLE);
        accounts.declaredOfOld(2, HANDLE);
        accounts.declaredOfOld(3, HANDLE);
        accounts.declaredOfOld(4, "other.com");
        accounts.declaredOfOld(5, "left.com");
        accounts.declaredOfOld(6, "left.com");
        database.run("insert into handle_parent values (0, '')");
        database.run("insert into handle_check (operation, account, parent, result, method, due, checked_at)"
                + " select head, id, 0, 'v', 'd', now() + interval '20 days', now() - case id when 2 then 1 else 10 end * interval '1 day'"
                + " from plc_account");
        accounts.declares(6, "elsewhere.com");
        database.run("update handle_check set checked_at = now() where account = 6");
        database.run("insert into handle_name select account, 0, '" + HANDLE + "' from handle_check where account < 4");
        database.migrate();
        assertThat(state(2)).isEqualTo("valid");
        assertThat(state(1)).isEqualTo("points_elsewhere did:plc:2");
        assertThat(state(3)).isEqualTo("points_elsewhere did:plc:2");
        assertThat(state(4)).isEqualTo("valid");
        assertThat(state(5)).as("the other declares something else by now").isEqualTo("valid");
        assertThat(changes(1)).isEqualTo("valid>points_elsewhere did:plc:2");
        assertThat(changes(6)).isEqualTo("null");
        assertThat(due(1)).isEqualTo("true");
        assertThat(database.ask("select string_agg(rank::text, ' ' order by account) from handle_name")).isEqualTo("2 0 2");
        assertThat(database.ask("select string_agg(account || owned, ' ' order by account) from handle_check where owned <> ''"))
                .isEqualTo("2" + HANDLE + " 4other.com 5left.com");
    }
}
