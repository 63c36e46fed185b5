package dev.atmirror.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No question about identities reads a table from end to end. */
class IdentityPlansIT {
    private static final List<String> LARGE = List.of(
            "plc_account", "plc_operation", "plc_key_set", "pds_repo", "handle_check", "handle_change", "handle_name");
    private static final TestDatabase DATABASE = TestDatabase.create();

    @BeforeAll
    static void fill() {
        // As the mirror's own server is set.
        DATABASE.run("alter database " + DATABASE.ask("select current_database()") + " set random_page_cost = 1.1");
        DATABASE.migrate();
        DATABASE.run("insert into plc_pds values (1, 'https://pds.test'); insert into pds_endpoint values (1, 1)");
        DATABASE.run("insert into plc_key_set select i, '[\"did:key:a\",\"did:key:z' || i || '\"]' from generate_series(1, 20000) i");
        DATABASE.run("insert into plc_account select i, i, md5(i::text) from generate_series(1, 60000) i");
        DATABASE.run("insert into plc_operation select i, now(), 0, i, case when i % 10 > 0 then 1 else i / 3 end, 1, 0, 'o', false, false,"
                + " md5('c' || i), '', 'k', 'h' || md5(i::text) || '.test' from generate_series(1, 60000) i");
        DATABASE.run("insert into pds_repo (host, did) select 1 + i % 7, 'did:plc:' || md5(i::text) from generate_series(1, 60000) i");
        DATABASE.run("insert into handle_check (operation, account, parent, result) select i, i, 0, 'v' from generate_series(1, 60000) i");
        DATABASE.run("insert into handle_change (operation, account, was, result) select i, i, '-', 'v' from generate_series(1, 60000) i");
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
    })
    void question_onFilledTables_goesByIndexes(String all) throws Exception {
        String[] parts = all.split("\\|");
        String sql = Sql.file(parts[0].strip());
        for (int i = 1; i < parts.length; i++) {
            sql = sql.replaceFirst("\\?", java.util.regex.Matcher.quoteReplacement(parts[i].strip()));
        }
        assertNoScan("explain (format json) " + sql);
    }

    @Test
    void likeness_onFilledTables_goesByTrigrams() throws Exception {
        assertNoScan("explain (format json) select account from handle_name where split_part(handle, '.', 1) % 'h4a8a08f09d37b737956'");
    }
}
