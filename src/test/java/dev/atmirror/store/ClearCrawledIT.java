package dev.atmirror.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.atmirror.testkit.CrawledAccounts;
import dev.atmirror.testkit.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** After emptying a table nothing that stays takes for done what is gone. */
class ClearCrawledIT {
    private TestDatabase database;
    private Schema schema;

    @BeforeEach
    void fill() {
        database = TestDatabase.create();
        database.migrate();
        CrawledAccounts.fill(database);
        PGSimpleDataSource source = SearchPath.plain();
        source.setUrl(database.url());
        schema = new Schema(source);
    }

    private long rows(String table) {
        return database.number("select count(*) from " + table);
    }

    private long followCursors() {
        return database.number("select count(*) from sync_cursors where stage = 'pds-hosts'");
    }

    @Test
    void clear_log_takesWhatHangsOnItsNumbers() {
        assertThat(schema.clear(List.of("plc_log_entries")))
                .containsExactlyInAnyOrder("plc_log_entries", "account_infos", "sync_cursors", "recent_records", "handle_checks");
        assertThat(List.of(rows("pds_endpoint"), rows("account_extra"), rows("recent_record"), followCursors()))
                .containsOnly(0L);
        assertThat(rows("pds_hosts")).isEqualTo(3);
        assertThat(rows("pds_repo")).isEqualTo(13);
    }

    @Test
    void clear_repos_putsThemDownAndListsThemAgain() {
        assertThat(schema.clear(List.of("pds_repos"))).containsExactly("pds_repos");
        assertThat(rows("pds_repo") + followCursors()).isZero();
        assertThat(rows("pds_endpoint")).isEqualTo(3);
        assertThat(rows("pds_hosts where list_due = '-infinity' and repos = 0 and pass = 0")).isEqualTo(3);
    }

    @Test
    void clear_hosts_takesTheirAccountsAndSpellings() {
        database.run("insert into pds_operator values ('big.test')");
        assertThat(schema.clear(List.of("pds_hosts"))).containsExactlyInAnyOrder("pds_hosts", "pds_repos");
        assertThat(List.of(rows("pds_hosts"), rows("pds_repo"), rows("pds_endpoint"), rows("pds_operator"), followCursors()))
                .containsOnly(0L);
        assertThat(rows("account_extra")).isEqualTo(12);
    }

    @Test
    void clear_descriptions_makesThemDueAgainWhereThereMayBeSome() {
        schema.clear(List.of("account_infos"));
        assertThat(rows("pds_repo where describe_due = '-infinity' and records_due = 'infinity'")).isEqualTo(11);
        assertThat(rows("pds_repo where describe_due = 'infinity'")).isEqualTo(2);
    }

    @Test
    void clear_records_makesThemDueAgain() {
        schema.clear(List.of("recent_records"));
        assertThat(rows("recent_record")).isZero();
        assertThat(rows("pds_repo where records_due = 'infinity'")).isEqualTo(2);
        assertThat(rows("pds_repo where records_due > now() and records_due < 'infinity'")).isZero();
    }

    @Test
    void clear_whileHostsAreAsked_isRefused() {
        database.run("insert into pds_operator values ('big.test', 'somebody', now() + interval '1 minute')");
        assertThatIllegalStateException().isThrownBy(() -> schema.clear(List.of("pds_repos"))).withMessageContaining("stop it");
        assertThatIllegalStateException().isThrownBy(schema::reset);
        assertThat(rows("pds_repo")).isEqualTo(13);
    }

    @Test
    void clear_whileHandlesAreChecked_isRefused() {
        database.run("insert into handle_parent (id, name, free_at) values (0, '', now())");
        assertThatIllegalStateException().isThrownBy(() -> schema.clear(List.of("plc_log_entries"))).withMessageContaining("stop it");
        database.run("update handle_parent set free_at = now() - interval '61 seconds'");
        schema.clear(List.of("plc_log_entries"));
        assertThat(rows("handle_parent")).isZero();
    }

    @Test
    void clear_checksOfHandles_followsTheLogForThemAgain() {
        database.run("insert into sync_cursors (stage, host, kind, seq, time) values ('handles', 'log', 'seq', 12, now())");
        database.run("insert into handle_check (account, parent) values (1, 0)");
        assertThat(schema.clear(List.of("handle_checks"))).containsExactly("handle_checks");
        assertThat(rows("handle_check") + rows("sync_cursors where stage = 'handles'")).isZero();
        assertThat(followCursors()).isEqualTo(1);
    }

    @Test
    void sizes_ofAllNames_areTold() {
        assertThat(schema.sizes()).extracting(Schema.Size::name).containsExactlyElementsOf(Schema.names());
        assertThat(Schema.names()).contains("pds_hosts", "pds_repos", "recent_records");
        assertThat(schema.sizes()).allSatisfy(size -> assertThat(size.bytes()).isPositive());
    }
}
