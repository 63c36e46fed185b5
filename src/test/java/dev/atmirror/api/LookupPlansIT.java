package dev.atmirror.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.SqlFiles;
import dev.atmirror.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Neither lookups nor changes read a table from end to end, be what is asked for rare or everybody's. */
class LookupPlansIT {
    private static final TestDatabase DATABASE = TestDatabase.create();


    /** 60,000 accounts with two operations each, half of them with a key set of their own, as many of a big host. */
    @BeforeAll
    static void fill() {
        // As the mirror's own server is set.
        DATABASE.run("alter database " + DATABASE.ask("select current_database()") + " set random_page_cost = 1.1");
        DATABASE.migrate();
        DATABASE.run("insert into plc_pds select i, 'https://pds' || i || '.test' from generate_series(1, 500) i;"
                + " insert into pds_hosts (pds, operator, sources) select endpoint, endpoint, '{log}' from plc_pds order by id;"
                + " insert into pds_endpoint select id, id from plc_pds");
        DATABASE.run("insert into plc_key_set select i, '[\"did:key:zQ3own' || md5(i::text) || '\",\"did:key:zQ3shared\"]'"
                + " from generate_series(1, 30000) i");
        DATABASE.run("insert into plc_account select i, i + 60000, md5(i::text) from generate_series(1, 60000) i");
        DATABASE.run("insert into plc_operation select i, timestamptz '2024-01-01Z' + i * interval '1 s', greatest(i - 60000, 0),"
                + " (i - 1) % 60000 + 1, case when i % 2 = 0 then 1 else i % 30000 + 1 end, i % 500 + 1, 0, 'o', false, false,"
                + " md5('c' || i), '', 'k', 'h' || i % 50000 || '.test' from generate_series(1, 120000) i");
        DATABASE.run("insert into pds_repo (host, did, active) select id % 500 + 1, 'did:plc:' || did, true from plc_account");
        DATABASE.run("insert into handle_change (operation, account, was, result) select id, account, '-', 'v' from plc_operation"
                + " where id % 5 = 0 order by id");
        DATABASE.run("insert into handle_check (account, parent, operation, result) select id, 0, head, 'v' from plc_account");
        DATABASE.run("vacuum analyze");
    }

    /** Tables that are read from end to end, but for the small ones. */
    private static List<String> scanned(String file, Object... parameters) {
        List<String> tables = new ArrayList<>();
        collect(plan(file, parameters), tables);
        tables.removeAll(List.of("plc_pds", "pds_endpoint", "pds_hosts"));
        return tables;
    }

    private static JsonNode plan(String file, Object... parameters) {
        String sql = SqlFiles.text(file);
        for (Object parameter : parameters) {
            sql = sql.replaceFirst("\\?", java.util.regex.Matcher.quoteReplacement(String.valueOf(parameter)));
        }
        try {
            return Json.parse(DATABASE.ask("explain (format json) " + sql));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void collect(JsonNode node, List<String> tables) {
        if (node.path("Node Type").asText().equals("Seq Scan")) {
            tables.add(node.get("Relation Name").asText());
        }
        node.forEach(child -> collect(child, tables));
    }

    private static String did(int account) {
        return DATABASE.ask("select 'did:plc:' || md5('" + account + "')");
    }

    @Test
    void keySets_ofAKey_goByTheIndexOfKeys() {
        String key = DATABASE.ask("select keys::json ->> 0 from plc_key_set where id = 7");
        assertThat(plan("lookup/key-sets.sql", "'\"" + key + "\"'", 20000).toString()).contains("plc_key_set_numbers");
        assertThat(scanned("lookup/key-sets.sql", "'\"" + key + "\"'", 20000)).isEmpty();
    }

    @Test
    void accounts_ofARareKeySet_goByTheIndexOfKeySets() {
        String rare = plan("lookup/by-key-sets.sql", "array[7,8,9]", 0, 101).toString();
        assertThat(rare).contains("plc_operation_key_set");
        assertThat(scanned("lookup/by-key-sets.sql", "array[7,8,9]", 0, 101)).isEmpty();
    }

    @Test
    void accounts_ofAFrequentKeySet_goByTheOrderOfTheLog() {
        String frequent = plan("lookup/by-key-sets.sql", "array[1]", 0, 101).toString();
        assertThat(frequent).contains("plc_operation_pkey").doesNotContain("plc_operation_key_set");
        assertThat(scanned("lookup/by-key-sets.sql", "array[1]", 0, 101)).isEmpty();
        assertThat(scanned("lookup/by-frequent-key.sql", 30000, 80000, "'\"did:key:zQ3shared\"'", 101)).isEmpty();
    }

    @Test
    void accounts_ofAHostOrAPastHandle_goByAnIndex() {
        assertThat(scanned("lookup/at-host.sql", 7, "''", 101, 7)).isEmpty();
        assertThat(scanned("lookup/by-past-handle.sql", "'h77.test'", 0, 101, "'h77.test'")).isEmpty();
    }

    @Test
    void changes_behindACursor_readAStretchOnly() {
        for (String hosts : List.of("null", "'{https://pds7.test}'")) {
            assertThat(scanned("change/log.sql", "true", "true", "true", "true", "true", "true", hosts, 50000, 55000, 201))
                    .as(hosts)
                    .isEmpty();
            assertThat(scanned("change/checks.sql", hosts, 5000, 5500, 201)).as(hosts).isEmpty();
        }
        assertThat(scanned("change/log-stretch.sql", 50000, 5000)).isEmpty();
        assertThat(scanned("change/checks-stretch.sql", 500, 5000)).isEmpty();
        assertThat(scanned("change/ends.sql")).isEmpty();
    }

    @Test
    void changes_ofSomeAccounts_readTheirsOnly() {
        String dids = "array['" + did(7) + "','" + did(70) + "']";
        assertThat(scanned("change/log-of.sql", "true", "true", "true", "true", "true", "true", "null", 0, 120000, dids, 201))
                .isEmpty();
        assertThat(scanned("change/checks-of.sql", "null", 0, 120000, dids, 201)).isEmpty();
    }
}
