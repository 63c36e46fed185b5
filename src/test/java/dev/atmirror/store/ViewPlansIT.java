package dev.atmirror.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.ManyAccounts;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What people ask of the README's tables touches rows in proportion to what there is, or to what is asked for: all joins of two
 * of them by DID, handle or host, and the usual sums. Issue 12, B11. Rows are counted at every node of the plan, with those that
 * it has thrown away.
 */
class ViewPlansIT {
    /** Thirty steps for each account: a plan by hash or index takes up to twenty, one that meets in pairs many thousand. */
    private static final long WHOLE = 30L * ManyAccounts.ACCOUNTS;
    /** The log once, as endpoints have no index there. */
    private static final long ONE_HOST = 4L * ManyAccounts.ACCOUNTS;
    /** The thousand rejected operations, which have no index by DID, and next to nothing else. */
    private static final long ONE_ACCOUNT = 4_000;
    /** No bound on time, but an end where a plan is as bad as that. */
    private static final String END = "set statement_timeout = '2min'; set jit = off";

    private static final TestDatabase DATABASE = TestDatabase.create();

    @BeforeAll
    static void fill() {
        ManyAccounts.fill(DATABASE);
    }

    /** A condition on the column that both tables have. */
    record Pair(String one, String other, String column) {
        @Override
        public String toString() {
            return one + " join " + other + " using (" + column + ")";
        }
    }

    private static List<Pair> pairs() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String sql = readme.substring(readme.indexOf("\n## SQL"), readme.indexOf("\n## Settings"));
        List<String> names = Pattern.compile("(?m)^\\| `(\\w+)`").matcher(sql).results().map(found -> found.group(1)).toList();
        assertThat(names).contains("account_infos", "plc_log_entries", "handle_checks");
        List<Pair> pairs = new ArrayList<>();
        for (String one : names) {
            for (String other : names.subList(names.indexOf(one) + 1, names.size())) {
                for (String column : List.of("did", "handle", "pds")) {
                    if (has(one, column) && has(other, column)) {
                        pairs.add(new Pair(one, other, column));
                    }
                }
            }
        }
        assertThat(pairs).hasSizeGreaterThan(20);
        return pairs;
    }

    private static boolean has(String table, String column) {
        return DATABASE.number("select count(*) from pg_attribute where attrelid = '" + table + "'::regclass and attname = '" + column + "'")
                > 0;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void join_ofTwoTables_touchesEachRowAFewTimes(Pair pair) {
        // Accounts of a host with accounts of the same host are many times more than accounts: the answer itself has no bound.
        if (!pair.column.equals("pds") || pair.one.equals("pds_hosts") || pair.other.equals("pds_hosts")) {
            assertTouches(WHOLE, "select count(*) from " + pair);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void join_ofOneAccountOrHost_touchesItsRowsOnly(Pair pair) {
        String one = pair.column.equals("handle") ? "'" + ManyAccounts.HANDLE + "'" : ManyAccounts.did("78");
        assertTouches(
                pair.column.equals("pds") ? ONE_HOST : ONE_ACCOUNT,
                "select * from " + pair + " where " + pair.column + " = "
                        + (pair.column.equals("pds") ? "'" + ManyAccounts.HOST + "'" : one));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "account_infos   | did    | 60",
        "account_infos   | handle | 60",
        "plc_log_entries | did    | 60",
        "handle_checks   | did    | 60",
        "handle_checks   | handle | 60",
        "handle_changes  | did    | 60",
        "handle_changes  | handle | 60",
        "recent_records  | did    | 60",
        "pds_repos       | did    | 60",
        "pds_repos       | pds    | 400",
    })
    void lookup_ofOne_touchesItsRowsOnly(String table, String column, long bound) {
        String value = column.equals("did") ? ManyAccounts.did("78") : "'" + (column.equals("pds") ? ManyAccounts.HOST : ManyAccounts.HANDLE) + "'";
        assertTouches(bound, "select * from " + table + " where " + column + " = " + value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "handles that do not verify, with their accounts | 30 | select * from account_infos join handle_checks h using (did) where h.result = 'no_record'",
        "counted                                         | 30 | select count(*) from account_infos join handle_checks h using (did) where h.result = 'no_record'",
        "accounts without a check                        | 30 | select * from account_infos left join handle_checks using (did)",
        "accounts with their hosts                       | 30 | select * from account_infos join pds_hosts h using (pds) where h.state = 'live'",
        "accounts that their host does not list          | 30 | select * from account_infos a where not exists (select from pds_repos r where r.did = a.did)",
        "listed accounts that are not in the log         | 30 | select * from pds_repos r where not exists (select from account_infos a where r.did = a.did)",
        "the most operations                             | 30 | select did, count(*) from account_infos join plc_log_entries using (did) group by 1 order by 2 desc limit 10",
        "accounts that changed last                      | 30 | select * from account_infos order by plc_timestamp desc limit 10",
        "accounts per PDS                                | 30 | select pds, count(*) from account_infos group by 1 order by 2 desc",
        "accounts per PDS and status                     | 30 | select pds, active, status, count(*) from account_infos where not tombstoned group by 1, 2, 3",
        "repos per PDS                                   | 30 | select pds, status, count(*) from pds_repos group by 1, 2",
        "operations per day                              | 30 | select date_trunc('day', plc_timestamp), count(*) from plc_log_entries group by 1",
        "operations per day of a month                   |  5 | select date_trunc('day', plc_timestamp), count(*) from plc_log_entries where plc_timestamp >= '2024-06-01' and plc_timestamp < '2024-07-01' group by 1",
        "handles by domain                               | 30 | select substr(handle, strpos(handle, '.') + 1), count(*) from account_infos group by 1 order by 2 desc",
        "results by domain                               | 30 | select substr(handle, strpos(handle, '.') + 1), result, count(*) from handle_checks group by 1, 2",
        "verified handles                                | 30 | select handle_result, handle_match, count(*) from account_infos group by 1, 2",
        "collections by accounts                         | 30 | select c, count(*) from account_infos, jsonb_array_elements_text(describe -> 'collections') c group by 1 order by 2 desc",
        "collections by records                          | 30 | select collection, count(*), count(distinct did) from recent_records group by 1 order by 2 desc",
        "accounts with a record                          |  3 | select * from account_infos join recent_records r using (did) where r.collection = 'app.test.c7'",
        "accounts of rejected operations                 |  3 | select * from account_infos where did in (select did from rejected_operations)",
    })
    void question_ofMany_touchesEachRowAFewTimes(String what, int rowsForEachAccount, String sql) {
        assertTouches((long) rowsForEachAccount * ManyAccounts.ACCOUNTS, sql);
    }

    /** The last hundred operations with their accounts: a join that has nothing to do with how many accounts there are. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "select * from account_infos join plc_log_entries l using (did) where l.plc_timestamp > timestamptz '2024-01-01Z' + 249900 * interval '2 min'",
        "select count(*) from account_infos join plc_log_entries l using (did) where l.plc_timestamp > timestamptz '2024-01-01Z' + 249900 * interval '2 min'",
        "select * from plc_log_entries order by seq desc limit 100",
        "select * from handle_changes where seq > 100 order by seq limit 100",
    })
    void question_ofTheLast_touchesFewRows(String sql) {
        assertTouches(6_000, sql);
    }

    private static void assertTouches(long bound, String sql) {
        JsonNode plan = explained(sql);
        assertThat(rows(plan)).as(() -> "rows touched by " + sql + plan.toPrettyString()).isLessThanOrEqualTo(bound);
        long pages = plan.get("Shared Hit Blocks").longValue() + plan.get("Shared Read Blocks").longValue();
        assertThat(pages).as(() -> "pages touched by " + sql + plan.toPrettyString()).isLessThanOrEqualTo(bound);
    }

    private static long rows(JsonNode node) {
        double each = 0;
        for (String count : List.of("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck")) {
            each += node.path(count).doubleValue();
        }
        long rows = Math.round(each * node.get("Actual Loops").doubleValue());
        for (JsonNode child : node.path("Plans")) {
            rows += rows(child);
        }
        return rows;
    }

    private static JsonNode explained(String sql) {
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(END);
            try (ResultSet plan = statement.executeQuery("explain (analyze, buffers, timing off, format json) " + sql)) {
                plan.next();
                return Json.parse(plan.getString(1)).get(0).get("Plan");
            }
        } catch (SQLException | IOException e) {
            return fail("no end: " + sql, e);
        }
    }
}
