package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps of a log that a mirror has read, restored into empty tables. */
class SnapshotRestoreIT {
    private static final String LOG = "plc_log_entries";
    private static final SignedLog SIGNED = SignedLog.of(82, 400, 30);
    private static TestDatabase source;
    private static FakeUpstream upstream;
    private static String host;

    @TempDir
    private static Path shared;

    private static Path dump;

    @TempDir
    private Path folder;

    private Restoring restoring;
    private TestDatabase target;

    @BeforeAll
    static void fill() {
        Restoring.needsPgDump();
        source = TestDatabase.create();
        upstream = new FakeUpstream(SIGNED.lines());
        try (MirrorRun run = MirrorRun.start(source, upstream)) {
            run.awaitStored(SIGNED.valid().size()).awaitCaughtUp();
        }
        source.run("insert into plc_note select id, 'odd', 1 from plc_operation where id % 50 = 0");
        host = source.ask("select host from sync_cursors");
        dump = new Restoring(shared).dump(source, LOG);
    }

    @BeforeEach
    void open() {
        restoring = new Restoring(folder);
        target = Restoring.empty();
    }

    private void assertSameLog() {
        assertThat(Restoring.logRows(target)).isEqualTo(Restoring.logRows(source));
        assertThat(target.content()).isEqualTo(source.content());
        assertThat(target.accounts()).isEqualTo(source.accounts());
    }

    private void assertNothingWasRestored() {
        assertThat(target.operations()).isZero();
        assertThat(target.number("select count(*) from sync_cursors")).isZero();
        assertThat(Restoring.indexes(target)).isEqualTo(Restoring.indexes(source));
    }

    @Test
    void restore_intoAnEmptyDatabase_givesTheSameLogAndCursor() {
        Commands.Outcome outcome = restoring.restore(target, dump);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertSameLog();
        assertThat(Restoring.indexes(target)).isEqualTo(Restoring.indexes(source));
        long last = source.number("select max(id) from plc_operation");
        assertThat(target.ask("select host || ' ' || kind || ' ' || seq from sync_cursors")).isEqualTo(host + " seq " + last);
        assertThat(outcome.out())
                .contains("every operation verified")
                .contains("reading " + host + " goes on behind " + last)
                .doesNotContain("corrected", "failed");
        assertThat(target.number("select count(*) from rejected_operations")).isZero();
    }

    /** Earlier versions had all tables in {@code public}, and so have their dumps. */
    @Test
    void restore_dumpOfAnEarlierVersion_givesTheSameLog() {
        Path earlier = restoring.changed(dump, "plc_log_entries-raw", sql -> sql.replace("COPY atmirror_internal.", "COPY public."));
        Commands.Outcome outcome = restoring.restore(target, earlier);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertSameLog();
        assertThat(Restoring.indexes(target)).isEqualTo(Restoring.indexes(source));
    }

    @Test
    void restore_trusted_givesTheSameLogToo() {
        Commands.Outcome outcome = restoring.restore(target, dump, "--trust");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("not verified");
        assertSameLog();
        assertThat(Restoring.indexes(target)).isEqualTo(Restoring.indexes(source));
    }

    @Test
    void sync_afterARestore_fetchesNothingButWhatIsNew() throws Exception {
        restoring.restore(target, dump);
        SignedLog grown = SignedLog.of(82, 400, 30);
        grown.grow(50, 0);
        try (FakeUpstream later = new FakeUpstream(grown.lines())) {
            target.run("update sync_cursors set host = '" + later.url().replace("http://", "") + "'");
            long restored = target.number("select seq from sync_cursors");
            try (MirrorRun run = MirrorRun.start(target, later)) {
                run.awaitStored(grown.valid().size()).awaitCaughtUp();
            }
            assertThat(later.queries().get(0)).endsWith("after=" + restored);
            assertThat(target.number("select operations from sync_cursors where stage = 'plc-logs'"))
                    .isEqualTo(grown.valid().size());
        }
        assertThat(target.number("select count(*) - count(distinct (did, cid)) from plc_log_entries")).isZero();
    }

    @Test
    void restore_withoutAManifest_setsTheCursorOfOurUpstreamByTime() throws IOException {
        Path alone = Files.copy(dump, folder.resolve(dump.getFileName()));
        Commands.Outcome outcome = restoring.restore(target, alone);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertSameLog();
        assertThat(target.ask("select host || ' ' || kind || ' ' || (time = (select max(created_at) from plc_operation))"
                        + " from sync_cursors"))
                .isEqualTo("plc.example.test time true");
    }

    @Test
    void restore_cursorBeyondTheLog_isTakenBackToIt() throws IOException {
        Path file = Files.copy(dump, folder.resolve(dump.getFileName()));
        String manifest = Files.readString(dump.resolveSibling(dump.getFileName() + ".json"));
        Files.writeString(
                file.resolveSibling(file.getFileName() + ".json"),
                manifest.replaceFirst("(\"upstreams\"(?s:.*?)\"seq\" ?: ?)\\d+", "$1999999999"));
        assertThat(restoring.restore(target, file).code()).isZero();
        assertThat(target.number("select seq from sync_cursors")).isEqualTo(source.number("select max(id) from plc_operation"));
    }

    @Test
    void restore_linesOfNewerToolsAndOtherTables_arePassedOver() {
        Path newer = restoring.changed(dump, "plc_log_entries-raw", sql -> "\\restrict abcDEF123\n\nSET transaction_timeout = 0;\n"
                + "SET some_setting_to_come = 'x';\nSELECT pg_catalog.set_config('search_path', 'evil', false);\n"
                + "DROP TABLE public.plc_operation;\nCOPY public.plc_secret (a) FROM stdin;\n1\n2\n\\.\n"
                + sql + "\n\\unrestrict abcDEF123\nDELETE FROM public.plc_operation;\n");
        Commands.Outcome outcome = restoring.restore(target, newer);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertSameLog();
    }

    @Test
    void restore_aTruncatedFile_leavesNothing() throws IOException {
        byte[] whole = Files.readAllBytes(dump);
        Path cut = folder.resolve(dump.getFileName());
        for (double part : new double[] {0.2, 0.7, 0.99}) {
            Files.write(cut, Arrays.copyOf(whole, (int) (whole.length * part)));
            Commands.Outcome outcome = restoring.restore(target, cut);
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err()).startsWith("at-mirror: ").contains(dump.getFileName().toString()).hasLineCount(1);
            assertNothingWasRestored();
        }
    }

    @Test
    void restore_cutBetweenTwoTables_leavesNothing() {
        Path cut = restoring.changed(dump, "plc_log_entries-raw", sql -> sql.substring(0, sql.indexOf("COPY atmirror_internal.plc_pds")));
        Commands.Outcome outcome = restoring.restore(target, cut);
        assertThat(outcome.err()).contains("holds nothing of plc_pds").hasLineCount(1);
        assertNothingWasRestored();
        Path within = restoring.changed(dump, "plc_log_entries-raw", sql -> sql.substring(0, sql.indexOf("COPY atmirror_internal.plc_pds") - 200));
        assertThat(restoring.restore(target, within).err()).contains("ends among the rows of plc_operation").hasLineCount(1);
        assertNothingWasRestored();
    }

    @Test
    void restore_aFlippedByte_leavesNothing() throws IOException {
        byte[] whole = Files.readAllBytes(dump);
        Path file = folder.resolve(dump.getFileName());
        Files.copy(dump.resolveSibling(dump.getFileName() + ".json"), folder.resolve(dump.getFileName() + ".json"));
        for (int at : new int[] {100, whole.length / 2, whole.length - 1}) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x20;
            Files.write(file, damaged);
            assertThat(restoring.restore(target, file).code()).as("byte " + at).isEqualTo(1);
            assertNothingWasRestored();
        }
    }

    @Test
    void restore_ofANewerSchema_saysToUpdate() throws IOException {
        Path file = Files.copy(dump, folder.resolve(dump.getFileName()));
        String manifest = Files.readString(dump.resolveSibling(dump.getFileName() + ".json"));
        Files.writeString(
                file.resolveSibling(file.getFileName() + ".json"), manifest.replaceFirst("(\"schema\" ?: ?\")\\d+", "$1999"));
        Commands.Outcome outcome = restoring.restore(target, file);
        assertThat(outcome.err()).contains("are of version 999").contains("update this one first").hasLineCount(1);
        assertNothingWasRestored();
    }

    @Test
    void restore_ofColumnsToCome_saysToUpdate() {
        Path file = restoring.changed(dump, "plc_log_entries-raw", sql -> sql.replace("(id, keys)", "(id, \"keys to come\")"));
        assertThat(restoring.restore(target, file).err()).contains("has a column keys to come of plc_key_set").hasLineCount(1);
        assertNothingWasRestored();
    }

    @Test
    void restore_whileAMirrorRuns_saysToStopIt() {
        try (MirrorRun run = MirrorRun.start(target, upstream)) {
            run.awaitCaughtUp();
            Commands.Outcome outcome = restoring.restore(target, dump);
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err()).isEqualToNormalizingNewlines("at-mirror: a mirror is running on this database; stop it first\n");
        }
    }
}
