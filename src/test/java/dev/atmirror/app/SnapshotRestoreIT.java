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
}
