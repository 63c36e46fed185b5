package dev.atmirror.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a page asks for by DID or CID is looked up, also while tables grow faster than their statistics. */
class LogsPlanIT {
    @Test
    void page_onTablesWithoutStatistics_isLookedUp() {
        try (TestDatabase database = TestDatabase.create()) {
            database.migrate();
            // None in the background either, which would make the plan another.
            database.run("alter table plc_account set (autovacuum_enabled = off); alter table plc_operation set (autovacuum_enabled = off);"
                    + " alter table plc_key_set set (autovacuum_enabled = off)");
            database.run("insert into plc_key_set select i, 'keys of ' || i from generate_series(1, 20000) i");
            database.run("insert into plc_account select i, i, md5(i::text) from generate_series(1, 20000) i");
            database.run("insert into plc_operation select i, now(), 0, i, i, 1, 0, 'o', false, false, md5('c' || i), '', 'k', ''"
                    + " from generate_series(1, 20000) i");
            assertLookedUp(database);
            database.run("analyze plc_account");
            assertLookedUp(database);
        }
    }

    private static void assertLookedUp(TestDatabase database) {
        for (String file : List.of("plc/logs.sql", "plc/by-cid.sql")) {
            String asked = file.equals("plc/logs.sql") ? "'did:plc:' || md5(i::text)" : "'bafyrei' || md5('c' || i)";
            String keys = database.ask("select quote_literal(array_agg(" + asked + ")::text) from generate_series(7, 20000, 20) i");
            assertThat(database.ask("explain (format json) " + Sql.file(file).replace("?", keys)))
                    .as(file)
                    .doesNotContain("Seq Scan", "Hash Join", "Merge");
        }
    }
}
