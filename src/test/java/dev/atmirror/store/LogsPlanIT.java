package dev.atmirror.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.TestDatabase;
import org.junit.jupiter.api.Test;

/** The logs of a page's accounts are looked up, also while tables grow faster than their statistics. */
class LogsPlanIT {
    @Test
    void logs_ofTablesWithoutStatistics_areLookedUp() {
        try (TestDatabase database = TestDatabase.create()) {
            database.migrate();
            // None in the background either, which would make the plan another.
            database.run("alter table plc_account set (autovacuum_enabled = off); alter table plc_operation set (autovacuum_enabled = off);"
                    + " alter table plc_key_set set (autovacuum_enabled = off)");
            database.run("insert into plc_key_set select i, 'keys of ' || i from generate_series(1, 20000) i");
            database.run("insert into plc_account select i, i, md5(i::text) from generate_series(1, 20000) i");
            database.run("insert into plc_operation select i, now(), 0, i, i, 1, 0, 'o', false, false, md5('c' || i), '', 'k', ''"
                    + " from generate_series(1, 20000) i");
            String asked = "(select array_agg('did:plc:' || did) from plc_account where id % 20 = 7)";
            assertThat(plan(database, asked)).doesNotContain("Seq Scan", "Hash Join", "Merge");

            database.run("analyze plc_account");
            assertThat(plan(database, asked)).doesNotContain("Seq Scan", "Hash Join", "Merge");
        }
    }

    private static String plan(TestDatabase database, String asked) {
        String dids = database.ask("select quote_literal(" + asked + "::text)");
        return database.ask("explain (format json) " + Sql.file("plc/logs.sql").replace("?", dids));
    }
}
