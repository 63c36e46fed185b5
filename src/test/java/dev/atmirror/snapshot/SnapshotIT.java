package dev.atmirror.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atmirror.testkit.CrawledAccounts;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps by the real pg_dump, of a log that a mirror has read: what they hold, and that psql takes them. */
class SnapshotIT {
    private static final String LOG = "plc_log_entries";
    private static final SignedLog SIGNED = SignedLog.of(81, 300, 30);
    private static TestDatabase database;

    @TempDir
    private Path folder;

    private Dumping dumping;

    @BeforeAll
    static void fill() {
        Dumping.realPgDump();
        database = TestDatabase.create();
        try (FakeUpstream upstream = new FakeUpstream(SIGNED.lines());
                MirrorRun run = MirrorRun.start(database, upstream)) {
            run.awaitStored(SIGNED.valid().size()).awaitCaughtUp();
        }
    }

    @BeforeEach
    void open() {
        dumping = new Dumping(database, folder);
    }

    private static TestDatabase empty() {
        TestDatabase target = TestDatabase.create();
        target.migrate();
        return target;
    }

    @Test
    void dump_ofTheLog_isWhatItsManifestSays() {
        Manifest made = dumping.dump(LOG).get(0);
        assertThat(dumping.names())
                .containsExactly("plc_log_entries-raw-20260304.sql.zst", "plc_log_entries-raw-20260304.sql.zst.json");
        assertThat(made.content().rows())
                .containsOnlyKeys("plc_account", "plc_key_set", "plc_note", "plc_odd_operation", "plc_operation", "plc_pds")
                .containsEntry("plc_operation", (long) SIGNED.valid().size());
        assertThat(made.log()).hasValueSatisfying(log -> {
            assertThat(log.firstSeq()).isEqualTo(database.number("select min(id) from plc_operation"));
            assertThat(log.lastSeq()).isEqualTo(database.number("select max(id) from plc_operation"));
            assertThat(log.lastTime()).isAfter(log.firstTime());
        });
        assertThat(made.upstreams()).singleElement().satisfies(cursor -> {
            assertThat(cursor.seq()).isEqualTo(database.number("select seq from sync_cursors"));
            assertThat(cursor.host()).isEqualTo(database.ask("select host from sync_cursors"));
        });
        assertThat(made.origin().schema()).isEqualTo(database.ask("select max(version) from flyway_schema_history"));
        assertThat(made.origin().created()).isEqualTo(Dumping.NOW);
        assertThat(made.verified()).isTrue();
        assertThat(SnapshotCheck.verify(dumping.file(made))).isEqualTo(made);
    }

    @Test
    void dump_loadedByPsql_givesTheSameLogAndAccounts() throws Exception {
        TestDatabase target = empty();
        Dumping.restore(dumping.file(dumping.dump(LOG).get(0)), target);
        assertThat(target.content()).isEqualTo(database.content());
        assertThat(target.accounts()).isEqualTo(database.accounts());
    }

    @Test
    void dumps_whileOthersWrite_allShowOneMoment() throws Exception {
        Path real = Dumping.realPgDump();
        TestDatabase source = empty();
        CrawledAccounts.fill(source);
        String before = source.accounts();
        // What others commit between the snapshot and each dump.
        dumping = new Dumping(source, folder)
                .by(FakePgDump.in(
                        folder.resolve("tools"),
                        "15.0",
                        "'" + real.resolveSibling("psql") + "' -q -c \"set search_path = public, atmirror_internal; insert into plc_account select max(id) + 1, 1, 'new' || max(id)"
                                + " from plc_account; update plc_operation set handle = 'changed.test';"
                                + " delete from recent_record; delete from account_extra where account > 5\" &&"
                                + " exec '" + real + "' \"$@\""));
        TestDatabase target = empty();
        List<Manifest> made = dumping.dump("pds_repos", LOG, "account_infos", "recent_records");
        assertThat(source.number("select count(*) from plc_account")).as("others wrote").isEqualTo(16);
        assertThat(made).extracting(Manifest::totalRows).doesNotContain(0L);
        for (Manifest manifest : made) {
            target.run("truncate plc_account"); // each of the others brings the same
            Dumping.restore(dumping.file(manifest), target);
        }
        assertThat(target.accounts()).isEqualTo(before);
        assertThat(target.number("select count(*) from account_infos where describe is not null")).isEqualTo(12);
        assertThat(target.number("select count(*) from recent_records")).isEqualTo(1);
    }

    @Test
    void all_ofTheTables_areNamedInIt() throws Exception {
        TestDatabase source = empty();
        CrawledAccounts.fill(source);
        source.run("create table private_notes (note text)");
        Manifest made = dumpOf(source, "all");
        String tables = source.ask("select string_agg(relname, ',' order by relname) from pg_class where relkind = 'r'"
                + " and relnamespace in ('public'::regnamespace, 'atmirror_internal'::regnamespace) and relname not in ('flyway_schema_history', 'private_notes',"
                + " 'handle_name', 'handle_name_followed'," // these follow the log by themselves
                + " 'pds_repo_failure')"); // failures are this mirror's own, and each host gets a new chance elsewhere
        assertThat(String.join(",", made.content().rows().keySet().stream().sorted().toList())).isEqualTo(tables);
        TestDatabase target = empty();
        Dumping.restore(dumping.file(made), target);
        assertThat(target.accounts()).isEqualTo(source.accounts());
        assertThat(target.number("select count(*) from pds_repos")).isEqualTo(source.number("select count(*) from pds_repos"));
    }

    private Manifest dumpOf(TestDatabase source, String name) {
        dumping = new Dumping(source, folder);
        return dumping.dump(name).get(0);
    }

    @Test
    void filtered_withAMarkedOperation_leavesItsAccountOutAsAWhole() throws Exception {
        TestDatabase source = empty();
        CrawledAccounts.fill(source);
        source.run("insert into plc_operation select 13, now(), 1, 1, 1, 1, 0, 'o', true, false, 'c13', '', 'k', 'h.test'");
        source.run("insert into plc_odd_operation values (13, '{}'), (2, '{}')");
        source.run("insert into plc_note values (1, 'spam', 4), (2, 'odd', 0)");
        Manifest made = dumpOf(source, "plc_log_entries-filtered");
        assertThat(made.content().file()).isEqualTo("plc_log_entries-filtered-20260304.sql.zst");
        assertThat(made.leftOut()).hasValueSatisfying(left -> {
            assertThat(left.accounts()).isEqualTo(1);
            assertThat(left.operations()).isEqualTo(2);
        });
        assertThat(made.content().rows())
                .containsEntry("plc_account", 11L)
                .containsEntry("plc_operation", 11L)
                .containsEntry("plc_odd_operation", 1L)
                .containsEntry("plc_note", 1L)
                .containsEntry("plc_pds", 3L);
        assertThat(made.log()).hasValueSatisfying(log -> assertThat(log.firstSeq()).isEqualTo(2));
        assertThat(SnapshotCheck.verify(dumping.file(made))).isEqualTo(made);
        TestDatabase target = empty();
        Dumping.restore(dumping.file(made), target);
        assertThat(target.number("select count(*) from account_infos where did <> 'did:plc:a1'")).isEqualTo(11);
        assertThat(target.ask("select string_agg(notes, ',') from plc_log_entries where notes <> ''")).isEqualTo("odd");
    }

    @Test
    void dump_ofADatabaseWithoutTables_saysHowToGetThem() {
        dumping = new Dumping(TestDatabase.create(), folder);
        assertThatThrownBy(() -> dumping.dump(LOG)).hasMessage("the database is empty; `run` or `db migrate` creates the tables");
        assertThat(dumping.names()).isEmpty();
    }

    @Test
    void verify_aFlippedByteAnywhere_isFound() throws IOException {
        Path file = dumping.file(dumping.dump(LOG).get(0));
        byte[] whole = Files.readAllBytes(file);
        for (int at : new int[] {0, 5, whole.length / 2, whole.length - 1}) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            assertThatThrownBy(() -> SnapshotCheck.verify(file))
                    .isInstanceOf(SnapshotFailure.class)
                    .hasMessageContaining(file.getFileName() + " is damaged: its sha256 is")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void verify_aTruncatedFile_isFound() throws IOException {
        Path file = dumping.file(dumping.dump(LOG).get(0));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> SnapshotCheck.verify(file))
                .hasMessage(file.getFileName() + " is not whole: it has " + (whole.length - 1) + " bytes, and its manifest says "
                        + whole.length);
    }

    @Test
    void verify_aManifestOfOtherRows_isFound() throws IOException {
        Path file = dumping.file(dumping.dump(LOG).get(0));
        Path manifest = file.resolveSibling(file.getFileName() + ".json");
        Files.writeString(manifest, Files.readString(manifest).replaceFirst("(\"plc_operation\" : )\\d+", "$17"));
        assertThatThrownBy(() -> SnapshotCheck.verify(file)).hasMessageContaining("has other rows than its manifest says");
        Files.delete(manifest);
        assertThatThrownBy(() -> SnapshotCheck.verify(file)).hasMessageContaining("has no manifest beside it");
    }

    @Test
    void dumps_ofSeveralRuns_arePrunedToThoseWanted() {
        List<String> made = Stream.generate(() -> dumping.dump("account_infos").get(0).content().file()).limit(5).toList();
        assertThat(made).endsWith("account_infos-20260304-5.sql.zst");
        assertThat(dumping.names()).hasSize(6).contains(made.get(2), made.get(3), made.get(4));
    }
}
