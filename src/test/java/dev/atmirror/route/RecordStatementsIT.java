package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records, as {@code sql/record} claims accounts for them and keeps them. */
class RecordStatementsIT {
    private final CrawlTables tables = new CrawlTables();

    @BeforeEach
    void account() {
        tables.host(1, "one.example");
        tables.document(7, 1);
        tables.list(1, 1, null, "7");
        tables.described(1, 7, true, "", "com.example.like com.example.note");
    }

    @AfterEach
    void close() {
        tables.close();
    }

    /** Saves for account 7. @param collections that it has; null while it is not done @param records {@code note/key=value} */
    private void save(String collections, String covered, String... records) {
        boolean done = collections != null;
        tables.sql.run("record/save-records.sql", "host", 1,
                "accounts", Arrays.stream(records).mapToInt(r -> 7).toArray(),
                "collections", each(records, r -> "com.example." + r.split("/")[0]),
                "rkeys", each(records, r -> r.split("[/=]")[1]),
                "cids", each(records, r -> "bafy" + r.hashCode()),
                "values", each(records, r -> "\"" + r.split("=")[1] + "\""),
                "raws", each(records, r -> r.contains("raw") ? "\"\\u0000\"" : null),
                "coveredAccounts", covered.isEmpty() ? new int[0] : new int[] {7},
                "coveredCollections", covered.isEmpty() ? new String[0] : new String[] {"com.example." + covered},
                "askedAccounts", done ? new int[] {7} : new int[0],
                "askedCollections", done ? new String[] {collections} : new String[0],
                "dids", done ? new String[] {"did:plc:7"} : new String[0],
                "again", done ? new String[] {CrawlTables.LATER} : new String[0],
                "earlierAccounts", earlier.stream().mapToInt(r -> 7).toArray(),
                "earlierCollections", earlier.stream().map(r -> "com.example." + r.split("/")[0]).toArray(String[]::new),
                "earlierKeys", earlier.stream().map(r -> r.split("/")[1]).toArray(String[]::new),
                "errors", done ? new String[] {error} : new String[0]);
    }

    private String error = "";
    private List<String> earlier = List.of();

    private static String[] each(String[] records, UnaryOperator<String> part) {
        return Arrays.stream(records).map(part).toArray(String[]::new);
    }

    private String records() {
        return tables.database.ask("select string_agg(collection || '/' || rkey || '=' || (value #>> '{}') || coalesce(raw::text, ''),"
                + " ' ' order by collection, rkey) from recent_records where did = 'did:plc:7'");
    }

    @Test
    void claim_ofADescribedAccount_comesWithItsCollections() {
        assertThat(tables.sql.run("record/claim-accounts.sql", "host", 1, "due", "2020-01-01T00:00:00Z", "batch", 9, "lease", 900))
                .extracting(row -> row.get("collections"))
                .containsExactly("com.example.like com.example.note");
        assertThat(tables.claimForRecords(1)).isEmpty();
    }

    @Test
    void claim_ofAnAccountThatMoved_passesItOver() {
        tables.host(2, "two.example");
        tables.document(7, 2);
        assertThat(tables.claimForRecords(1)).containsExactly("(did:plc:7)");
        assertThat(tables.claimForRecords(1)).isEmpty();
    }

    @Test
    void records_thatTheNewestPageLeavesOut_go() {
        save(null, "note", "note/a=1", "note/b=2");
        save(null, "like", "like/a=1");
        save(null, "note", "note/b=2", "note/c=3raw");
        assertThat(records()).isEqualTo("com.example.like/a=1 com.example.note/b=2 com.example.note/c=3raw\"\\u0000\"");
        save(null, "note");
        assertThat(records()).isEqualTo("com.example.like/a=1");
    }

    @Test
    void collection_thatTheAccountHasNoMore_goesWhenItIsDone() {
        save(null, "note", "note/a=1");
        save("com.example.like", "like", "like/a=1");
        assertThat(records()).isEqualTo("com.example.like/a=1");
        assertThat(tables.repo(1, 7)).isEqualTo("true|");
        save("", "");
        assertThat(records()).isEqualTo("null");
    }

    @Test
    void record_thatIsUnchanged_isNotWrittenAgain() {
        save(null, "note", "note/a=1", "note/a=1");
        String before = tables.database.ask("select fetched_at || xmin::text from recent_record");
        save(null, "note", "note/a=1");
        assertThat(tables.database.ask("select fetched_at || xmin::text from recent_record")).isEqualTo(before);
        save(null, "note", "note/a=2");
        assertThat(records()).isEqualTo("com.example.note/a=2");
    }

    @Test
    void account_takenDownMeanwhile_isNotDueAgain() {
        tables.claimForRecords(1);
        tables.list(1, 2, null, "7 takendown");
        save("com.example.note", "note", "note/a=1");
        assertThat(tables.database.ask("select records_due from pds_repo")).isEqualTo("infinity");
    }

    /** Issue 12, D24. */
    @Test
    void account_onWhichItsHostFails_isCountedUntilItAnswers() {
        error = "listRecords of com.example.note: answered 500";
        save("com.example.note", "");
        save("com.example.note", "");
        assertThat(tables.database.ask("select stage || ' ' || failures || ' ' || last_error from pds_repo_failures"))
                .isEqualTo("recent-records 2 listRecords of com.example.note: answered 500");
        assertThat(tables.sql.run("record/claim-accounts.sql", "host", 1, "due", "2040-01-01T00:00:00Z", "batch", 9, "lease", 900))
                .extracting(row -> row.get("failures"))
                .containsExactly(2);
        error = "";
        save("com.example.note", "note", "note/a=1");
        assertThat(tables.database.ask("select count(*) from pds_repo_failures")).isEqualTo("0");
    }

    /** Issue 12, D25. */
    @Test
    void records_ofSeveralPages_stayWhenTheLastIsStored() {
        save(null, "note", "note/old=0", "note/a=1");
        String before = tables.database.ask("select xmin::text from recent_record where rkey = 'a'");
        save(null, "", "note/a=1", "note/b=2");
        earlier = List.of("note/a", "note/b");
        save("com.example.note", "note", "note/c=3");
        assertThat(records()).isEqualTo("com.example.note/a=1 com.example.note/b=2 com.example.note/c=3");
        assertThat(tables.database.ask("select xmin::text from recent_record where rkey = 'a'")).as("not written again").isEqualTo(before);
    }
}
