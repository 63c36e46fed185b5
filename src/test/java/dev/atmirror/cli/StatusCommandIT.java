package dev.atmirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.api.AccountLookup;
import dev.atmirror.identity.Json;
import dev.atmirror.store.Accounts;
import dev.atmirror.store.CrawlSums;
import dev.atmirror.store.LogExport;
import dev.atmirror.store.PdsHosts;
import dev.atmirror.store.Schema;
import dev.atmirror.store.SearchPath;
import dev.atmirror.store.SyncStatus;
import dev.atmirror.testkit.CrawledAccounts;
import dev.atmirror.testkit.SqlFiles;
import dev.atmirror.testkit.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine;

/** {@code status} and {@code lookup} after the stages that ask hosts. */
class StatusCommandIT {
    private static final PGSimpleDataSource SOURCE = SearchPath.plain();
    private static final TestDatabase DATABASE = TestDatabase.create();

    @BeforeAll
    static void fill() {
        DATABASE.migrate();
        CrawledAccounts.fill(DATABASE);
        SOURCE.setUrl(DATABASE.url());
    }

    /** A program that knows its clock and its database. */
    private static Program program() {
        return (Program) Proxy.newProxyInstance(
                StatusCommandIT.class.getClassLoader(),
                new Class<?>[] {Program.class},
                (proxy, method, arguments) -> method.getName().equals("database") ? new Open() : InstantSource.system());
    }

    /** The database of this test. */
    private static final class Open implements Program.Database {
        @Override
        public Schema schema() {
            return new Schema(SOURCE);
        }

        @Override
        public SyncStatus status() {
            return new SyncStatus(SOURCE);
        }

        @Override
        public PdsHosts hosts() {
            return new PdsHosts(SOURCE);
        }

        @Override
        public CrawlSums crawlSums() {
            return CrawlSums.read(SOURCE);
        }

        @Override
        public AccountLookup lookup() {
            return new AccountLookup(new Accounts(SOURCE), () -> Instant.EPOCH);
        }

        @Override
        public LogExport logExport() {
            return new LogExport(SOURCE, InstantSource.system());
        }

        @Override
        public void close() {
            // The test's server goes on.
        }
    }

    private static String output(Object command, String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine line = new CommandLine(command).setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        line.execute(arguments);
        return out.toString();
    }

    private static String status(String... arguments) {
        return output(new StatusCommand(program()), arguments);
    }

    @Test
    void status_withoutOptions_addsUpEachStage() {
        assertThat(status())
                .contains("3: 0 new, 1 live, 1 failing, 1 dead", "followed to seq 12", "12 repos: 10 active, 2 not", "left        1 hosts")
                .contains("left        4 accounts", "left        2 accounts")
                .doesNotContain("from log", "caught up");
    }

    @Test
    void status_ofHandles_isAsTheyWereLastCounted() throws Exception {
        assertThat(status()).contains("checked     not counted yet");
        try (var connection = SOURCE.getConnection(); var statement = connection.createStatement()) {
            statement.execute("insert into handle_tally values ('v', 5, 1), ('n', 2, 0), ('-', 4, 4), ('r', 0, 0)");
        }
        assertThat(status()).contains("checked     7: 5 valid, 2 no_record", "left        5");
        JsonNode handles = Json.parse(status("--json")).get("stages").get(4);
        assertThat(handles.get("results").get("no_record").longValue()).isEqualTo(2);
        assertThat(handles.get("checked").longValue()).isEqualTo(7);
    }

    /** Issue 12, C15. */
    @Test
    void status_whileARelayFails_saysWhyAndWhenItIsAskedAgain() throws Exception {
        note("relay.test", Duration.ofMinutes(1), "refused the connection", Instant.now().plus(Duration.ofHours(1)));
        assertThat(status()).contains("relay       relay.test, last answer", "last error: refused the connection, ", "next try 2");
        JsonNode relay = Json.parse(status("--json")).get("stages").get(0).get("relay");
        assertThat(relay.get("address").textValue()).isEqualTo("relay.test");
        assertThat(relay.get("lastError").textValue()).isEqualTo("refused the connection");
        assertThat(relay.get("nextTryAt").isNull()).isFalse();
        // It answers again: what failed stays to be read, and nothing waits any more.
        note("relay.test", Duration.ZERO, null, null);
        assertThat(status()).contains("last error: refused the connection, ").doesNotContain("next try 2");
        // The setting names another one, or none.
        run("update sync_cursors set polled_at = now() - interval '2 days', last_error_at = now() - interval '2 days' where stage = 'relay'");
        assertThat(status()).doesNotContain("relay.test");
    }

    private static void note(String relay, Duration ago, String error, Instant again) {
        String at = Instant.now().minus(ago).toString();
        try (SqlFiles files = new SqlFiles(DATABASE)) {
            files.run("sync/note-standing.sql", "stage", "relay", "host", relay, "atHead", null, "polledAt", at,
                    "lastError", error, "lastErrorAt", error == null ? null : at, "nextTryAt", again == null ? null : again.toString());
        }
    }

    private static void run(String sql) throws SQLException {
        try (var connection = SOURCE.getConnection(); var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Issue 12, C15. */
    @Test
    void statusOfHosts_whereOneFails_saysWhenItIsAskedAgain() throws Exception {
        run("update pds_hosts set last_error = 'refused the connection', last_error_at = now() - interval '1 minute',"
                + " next_try = now() + interval '2 hours 30 minutes' where state = 'failing'");
        assertThat(status("--hosts")).containsPattern("last error, \\d+ s ago: refused the connection; next try in 2\\.5 h");
        JsonNode hosts = Json.parse(status("--hosts", "--json")).get("hosts");
        assertThat(hosts).anySatisfy(host -> {
            assertThat(host.get("state").textValue()).isEqualTo("failing");
            assertThat(host.get("waitsUntil").isNull()).isFalse();
        });
    }

    /** Issue 12, C19. */
    @Test
    void status_ofSmallTables_hasTheirSizesInKilobytesAndTheSum() throws Exception {
        List<String> disk = status().lines().dropWhile(line -> !line.startsWith("on disk: ")).toList();
        assertThat(disk).hasSizeGreaterThan(5).allMatch(line -> line.matches(".* [1-9][\\d.]* (kB|MB)")).anyMatch(line -> line.endsWith("kB"));
        assertThat(output(new DbCommand(program()), "status")).contains(" kB").doesNotContain(" 0 kB");
    }

    /** Issue 12, C19: 1970 was the time of what had never been, and zeros were counted of nothing. */
    @Test
    void status_json_hasNullForWhatIsNotKnown() throws Exception {
        try (var connection = SOURCE.getConnection(); var statement = connection.createStatement()) {
            statement.execute("truncate handle_tally");
            statement.execute("insert into sync_cursors (stage, host, kind, seq, time, polled_at, last_error, last_error_at)"
                    + " values ('plc-logs', 'plc.test', 'unknown', 0, 'epoch', 'epoch', 'timeout', now())");
            JsonNode stages = Json.parse(status("--json")).get("stages");
            for (String field : List.of("time", "polledAt", "caughtUpAt", "lagSeconds")) {
                assertThat(stages.get(0).get(field).isNull()).as(field).isTrue();
            }
            assertThat(stages.get(5).get("left").isNull()).isTrue();
            assertThat(stages.get(5).get("checked").isNull()).isTrue();
            assertThat(status("--json")).doesNotContain("1970");
        } finally {
            try (var connection = SOURCE.getConnection(); var statement = connection.createStatement()) {
                statement.execute("delete from sync_cursors where stage = 'plc-logs'");
            }
        }
    }

    /** Issue 12, C19. */
    @Test
    void lookup_ofWhatIsNotThere_saysWhy() throws Exception {
        assertThat(output(new LookupCommand(program()), "did:plc:tooshort")).contains("not a valid did:plc");
        assertThat(new CommandLine(new LookupCommand(program())).setErr(new PrintWriter(new StringWriter())).execute("did:plc:tooshort"))
                .isEqualTo(2);
        assertThat(output(new LookupCommand(program()), "nobody.test")).contains("not found: nobody.test; this mirror has not caught up yet");
        try (var connection = SOURCE.getConnection(); var statement = connection.createStatement()) {
            statement.execute("insert into sync_cursors (stage, host, kind, seq, time, caught_up_at) values ('plc-logs', 'old.test', 'seq', 1, now(), now())");
            assertThat(output(new LookupCommand(program()), "nobody.test")).contains("not found: nobody.test").doesNotContain("caught up");
            statement.execute("delete from sync_cursors where stage = 'plc-logs'");
        }
    }

    @Test
    void lookup_withoutJson_isInWords() {
        String account = output(new LookupCommand(program()), "did:plc:a1");
        assertThat(account).contains("handleCheck\n", "  result").doesNotContain("{", "}", "[", "]", "\"");
    }

    @Test
    void status_json_hasEachStage() throws Exception {
        JsonNode stages = Json.parse(status("--json")).get("stages");
        assertThat(stages.findValuesAsText("stage"))
                .containsExactly("pds-hosts", "pds-accounts", "describe-repo", "recent-records", "handles");
        assertThat(stages.get(0).get("followedSeq").longValue()).isEqualTo(12);
        assertThat(stages.get(2).get("left").longValue()).isEqualTo(4);
    }

    @Test
    void hosts_asTable_areThoseWithMostAccountsFirst() {
        String table = status("--hosts");
        assertThat(table.lines().filter(line -> line.contains("://")).map(line -> line.replaceFirst(".* ", "")))
                .containsExactly("https://big.test", "http://small.test:8080", "https://gone.test");
        assertThat(table).contains("last error: timeout").contains("no\ufffd[31m address").doesNotContain("\u001b");
        assertThat(status("--hosts", "--limit", "1")).contains("big.test").doesNotContain("small.test");
        assertThat(status("--hosts", "--limit", "0")).contains("--limit must be 1 or more");
    }

    @Test
    void hosts_json_areAsTheApiListsThem() throws Exception {
        JsonNode hosts = Json.parse(status("--hosts", "--limit", "2", "--json")).get("hosts");
        assertThat(hosts.findValuesAsText("pds")).containsExactly("https://big.test", "http://small.test:8080");
        assertThat(hosts.get(0).get("recordsLeft").longValue()).isEqualTo(2);
    }

    @Test
    void lookup_ofAnInactiveAccount_saysSo() {
        assertThat(output(new LookupCommand(program()), "did:plc:a3").lines().map(line -> line.replaceAll(" +", " ")))
                .contains("active false", "status takendown");
    }
}
