package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atmirror.snapshot.SeedDump;
import dev.atmirror.testkit.CrawledAccounts;
import dev.atmirror.testkit.SeedTables;
import dev.atmirror.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The seed project's {@code pds_repos} and {@code account_infos}, dumped by the real pg_dump and taken over. */
class RestoreSeedRowsIT {
    private static final OffsetDateTime OLD = OffsetDateTime.parse("2025-07-03T04:05:06.123456Z");

    @TempDir
    private Path folder;

    private final TestDatabase seed = TestDatabase.create();
    private final TestDatabase database = TestDatabase.create();
    private SeedTables tables;

    @BeforeAll
    static void needed() {
        SeedDump.needed();
    }

    @BeforeEach
    void tables() {
        tables = new SeedTables(seed, "jsonb");
        database.migrate();
    }

    private String restore(String table) throws Exception {
        return restore(SeedDump.of(seed, table, folder, table + "-20250703.sql.zst"));
    }

    private String restore(Path file) {
        return PagesRestoring.restore(
                Map.of("atmirror.postgres.url", database.url(), "atmirror.plc.page-size", "2"), file);
    }

    @Test
    void repos_ofManySpellings_areThoseOfOneHost() throws Exception {
        tables.addRepo("https://Host.Example/", "did:plc:a", "3k1", true, "", OLD);
        tables.addRepo("https://host.example", "did:plc:a", "3k2", false, "takendown", OLD.plusDays(1));
        tables.addRepo("https://host.example", "did:plc:b", "3k3", true, null, OLD);
        tables.addRepo("https://morel.us-east.host.bsky.network", "did:web:c.example", "3k4", true, "", OLD);
        tables.addRepo("https://127.0.0.1", "did:plc:d", "3k5", true, "", OLD);
        tables.addRepo("https://uwu", "did:plc:e", "3k6", true, "", OLD);
        tables.addRepo("https://host.example", "no did", "3k7", true, "", OLD);
        assertThat(restore("pds_repos")).isEqualTo("7 rows read, 3 taken over; 3 held nothing of use");
        assertThat(database.ask("select string_agg(concat_ws(' ', pds, did, rev, active, status), ', ' order by pds, did) from pds_repos"))
                .isEqualTo("https://host.example did:plc:a 3k2 f takendown, https://host.example did:plc:b 3k3 t,"
                        + " https://morel.us-east.host.bsky.network did:web:c.example 3k4 t");
        assertThat(database.ask("select string_agg(pds || ' ' || operator || sources[1], ', ' order by pds) from pds_hosts"))
                .isEqualTo("https://host.example host.examplefile, https://morel.us-east.host.bsky.network host.bsky.networkfile");
        assertThat(database.ask("select updated_at = '2025-07-04 04:05:06.123456+00' from pds_repo where did = 'did:plc:a'"))
                .isEqualTo("t");
        assertThat(database.number("select count(*) from pds_repo where describe_due = 'infinity'")).isEqualTo(1);
    }

    @Test
    void repos_thatAreKnownByNow_stayAsTheyAre() throws Exception {
        database.run("insert into pds_operator (operator) values ('host.example')");
        database.run("insert into pds_hosts (pds, operator, sources) values ('https://host.example', 'host.example', '{log}')");
        database.run("insert into pds_repo (host, did, rev, active, status, pass) select id, 'did:plc:a', 'new', true, '', 3 from pds_hosts");
        database.run("insert into pds_repo (host, did) select id, 'did:plc:b' from pds_hosts");
        tables.addRepo("https://host.example", "did:plc:a", "old", false, "deleted", OLD);
        tables.addRepo("https://host.example", "did:plc:b", "old", true, "", OLD);
        assertThat(restore("pds_repos")).startsWith("2 rows read, 1 taken over");
        assertThat(database.ask("select string_agg(did || ' ' || rev, ', ' order by did) from pds_repos"))
                .isEqualTo("did:plc:a new, did:plc:b old");
        assertThat(database.ask("select sources::text from pds_hosts")).isEqualTo("{log}");
    }

    @Test
    void accounts_ofTheLog_getTheirDescriptionsAndOthersAreCounted() throws Exception {
        CrawledAccounts.fill(database);
        database.run("delete from account_extra");
        database.run("insert into account_extra (account, describe) values (2, '{\"new\": true}')");
        tables.addAccount("did:plc:a1", false, "{\"collections\": [\"app.bsky.feed.post\", \"a.b.c\"], \"t\": \"tab\\t \\\\ \u00e9\"}", "{\"x\": 1}", OLD);
        tables.addAccount("did:plc:a2", false, "{\"new\": false}", null, OLD);
        tables.addAccount("did:plc:unknown", false, "{}", null, OLD);
        tables.addAccount("did:plc:a3", false, null, null, OLD);
        assertThat(restore("account_infos"))
                .isEqualTo("4 rows read, 1 taken over, 1 of accounts that are not in the log; 1 held nothing of use");
        assertThat(database.ask("select describe::text || extra || array_to_string(collections, ' ') from account_extra where account = 1"))
                .isEqualTo(seed.ask("select describe::text || extra from account_infos where did = 'did:plc:a1'") + "app.bsky.feed.post a.b.c");
        assertThat(database.ask("select describe::text from account_infos where did = 'did:plc:a2'")).isEqualTo("{\"new\": true}");
    }

    @Test
    void command_givenSuchAFile_takesItOver() throws Exception {
        tables.addRepo("https://host.example", "did:plc:a", "3k1", true, "", OLD);
        Path file = SeedDump.of(seed, "pds_repos", folder, "pds_repos-20250703.sql.zst");
        Settings settings = Settings.load(Map.of("atmirror.postgres.url", database.url()));
        RestoreRun run = RestoreRun.open(settings, file.toString(), false);
        assertThat(run.run()).containsExactly("pds_repos-20250703.sql.zst  1 rows read, 1 taken over; 0 held nothing of use");
        run.close();
        assertThat(database.number("select count(*) from pds_repos")).isEqualTo(1);
    }

    @Test
    void repos_cutOff_areToldAndCanBeTakenOverAgain() throws Exception {
        for (int i = 0; i < 9; i++) {
            tables.addRepo("https://host.example", "did:plc:" + i, "3k", true, "", OLD);
        }
        Path file = SeedDump.of(seed, "pds_repos", folder, "pds_repos.sql");
        String text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.indexOf("\n\\.\n") - 5));
        assertThatThrownBy(() -> restore(file)).hasMessage("pds_repos.sql is not whole: it ends in the middle of pds_repos");
        Files.writeString(file, text);
        restore(file);
        assertThat(database.number("select count(*) from pds_repos")).isEqualTo(9);
    }
}
