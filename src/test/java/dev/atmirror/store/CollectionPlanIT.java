package dev.atmirror.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Listing by collection reads no table from end to end, be the collection rare or everybody's. */
class CollectionPlanIT {
    private static final TestDatabase DATABASE = TestDatabase.create();

    @BeforeAll
    static void fill() {
        // As the mirror's own server is set.
        DATABASE.run("alter database " + DATABASE.ask("select current_database()") + " set random_page_cost = 1.1");
        DATABASE.migrate();
        DATABASE.run("insert into plc_pds values (1, 'https://pds.test'); insert into pds_endpoint values (1, 1)");
        DATABASE.run("insert into plc_account select i, i, md5(i::text) from generate_series(1, 100000) i");
        DATABASE.run("insert into plc_operation select i, now(), 0, i, 1, 1, 0, 'o', false, false, md5('c' || i), '', 'k', ''"
                + " from generate_series(1, 100000) i");
        DATABASE.run("insert into pds_repo (host, did, active) select 1, 'did:plc:' || md5(i::text), i % 5 > 0"
                + " from generate_series(1, 100000) i");
        DATABASE.run("insert into account_extra (account, collections) select i, array['app.test.profile']"
                + " || case when i % 3 = 0 then '{app.test.post}'::text[] else '{}' end"
                + " || case when i % 5000 = 7 then '{app.test.rare}'::text[] else '{}' end from generate_series(1, 100000) i");
        DATABASE.run("analyze");
    }

    private static String plan(String collection) {
        String sql = Sql.file("repo/by-collection.sql")
                .replaceFirst("\\?", "'" + collection + "'")
                .replaceFirst("\\?", "0")
                .replaceFirst("\\?", "501");
        return DATABASE.ask("explain (format json) " + sql);
    }

    @Test
    void plan_frequentCollection_goesByTheAccountsKey() {
        for (String collection : new String[] {"app.test.profile", "app.test.post"}) {
            assertThat(plan(collection)).contains("account_extra_pkey").doesNotContain("Seq Scan", "account_extra_collections");
        }
    }

    @Test
    void plan_rareCollection_goesByTheIndexOfCollections() {
        for (String collection : new String[] {"app.test.rare", "app.test.never"}) {
            assertThat(plan(collection)).contains("account_extra_collections").doesNotContain("Seq Scan", "account_extra_pkey");
        }
    }
}
