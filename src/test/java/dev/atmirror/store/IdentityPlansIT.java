package dev.atmirror.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Accounts and handles are found without reading a table from end to end, and without planning anew. */
class IdentityPlansIT {
    private static final List<String> LARGE = List.of(
            "plc_account", "plc_operation", "pds_repo", "handle_check", "handle_name");
    private static final TestDatabase DATABASE = TestDatabase.create();

    @BeforeAll
    static void fill() {
        // As the mirror's own server is set.
        DATABASE.run("alter database " + DATABASE.ask("select current_database()") + " set random_page_cost = 1.1");
        DATABASE.migrate();
        DATABASE.run("insert into plc_pds values (1, 'https://pds.test'); insert into pds_endpoint values (1, 1)");
        DATABASE.run("insert into plc_account select i, i, md5(i::text) from generate_series(1, 60000) i");
        DATABASE.run("insert into plc_operation select i, now(), 0, i, 1, 1, 0, 'o', false, false,"
                + " md5('c' || i), '', 'k', 'h' || md5(i::text) || '.test' from generate_series(1, 60000) i");
        DATABASE.run("insert into pds_repo (host, did) select 1 + i % 7, 'did:plc:' || md5(i::text) from generate_series(1, 60000) i");
        DATABASE.run("insert into handle_check (operation, account, parent, result) select i, i, 0, 'v' from generate_series(1, 60000) i");
        DATABASE.run("insert into handle_name select i, i % 3, 'h' || md5(i::text) || '.test' from generate_series(1, 60000) i");
        DATABASE.run("vacuum analyze");
    }

    private static void assertNoScan(String explained) throws Exception {
        String plan = DATABASE.ask(explained);
        List<String> scanned = Json.parse(plan).findParents("Node Type").stream()
                .filter(node -> node.path("Node Type").textValue().equals("Seq Scan"))
                .map((JsonNode node) -> node.path("Relation Name").textValue())
                .toList();
        assertThat(scanned).as(plan).doesNotContainAnyElementsOf(LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "account/find.sql | array['did:plc:x', 'did:plc:y'] | array['a.test', 'b.test']",
        "search/by-prefix.sql | 'ha' | 30 | 30",
        "search/by-similarity.sql | 'h4a8a08f09d37b737956' | 30",
    })
    void question_onFilledTables_goesByIndexes(String all) throws Exception {
        String[] parts = all.split("\\|");
        String sql = Sql.file(parts[0].strip());
        for (int i = 1; i < parts.length; i++) {
            sql = sql.replaceFirst("\\?", java.util.regex.Matcher.quoteReplacement(parts[i].strip()));
        }
        assertNoScan("explain (format json) " + sql);
    }

    /** To make a plan takes longer than to look up one account. */
    @ParameterizedTest
    @ValueSource(strings = {
        "account/find.sql | text[], text[] | array['did:plc:x'], '{}'",
        "search/by-prefix.sql | text, int, int | 'ha', 30, 30",
        "search/by-similarity.sql | text, int | 'h4a8a08f09d37b737956', 30",
    })
    void question_askedAllDay_isPlannedOnce(String all) throws Exception {
        String[] parts = all.split("\\|");
        String sql = Sql.file(parts[0].strip());
        for (int i = 1; sql.contains("?"); i++) {
            sql = sql.replaceFirst("\\?", "\\$" + i);
        }
        String execute = "; execute q (" + parts[2] + ")";
        try (Connection connection = DATABASE.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("prepare q (" + parts[1] + ") as " + sql + execute.repeat(8));
            try (ResultSet rows = statement.executeQuery("select generic_plans from pg_prepared_statements where name = 'q'")) {
                rows.next();
                assertThat(rows.getLong(1)).as("of 8, the first 5 try what a plan of their own costs").isEqualTo(3);
            }
        }
    }
}
