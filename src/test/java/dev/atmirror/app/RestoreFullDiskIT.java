package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database's disk is full: a real one, small and in memory, where this machine lets a test mount it. */
class RestoreFullDiskIT {
    private static final SignedLog SIGNED = SignedLog.of(88, 300, 0);

    @TempDir
    private Path folder;

    private Path disk;
    private boolean mounted;
    private final TestDatabase target = Restoring.empty();

    @BeforeEach
    void mount() throws Exception {
        Restoring.needsPgDump();
        // Not in the folder that is removed after the test, and where the server may go.
        disk = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "small");
        mounted = run("mount", "-t", "tmpfs", "-o", "size=64k,mode=0777", "tmpfs", disk.toString());
        assumeTrue(mounted, "needs the right to mount");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            target.run("drop table if exists plc_operation cascade");
            run("umount", "-l", disk.toString());
        }
        Files.deleteIfExists(disk);
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    }

    @Test
    void restore_onAFullDisk_saysSoAndLeavesNothing() throws Exception {
        TestDatabase source = TestDatabase.create();
        try (FakeUpstream upstream = new FakeUpstream(SIGNED.lines());
                MirrorRun run = MirrorRun.start(source, upstream)) {
            run.awaitStored(SIGNED.valid().size()).awaitCaughtUp();
        }
        Restoring restoring = new Restoring(folder);
        Path dump = restoring.dump(source, "plc_log_entries");
        target.run("create tablespace small location '" + disk + "'");
        target.run("alter table plc_operation set tablespace small");
        long usedBefore = used();
        Commands.Outcome outcome = restoring.restore(target, dump);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("at-mirror: the database's disk is full; nothing of it was restored. Make room there")
                .hasLineCount(1);
        assertThat(target.operations()).isZero();
        assertThat(target.number("select count(*) from plc_account")).isZero();
        target.run("checkpoint"); // files of what is gone go with it at the latest
        assertThat(used()).as("nothing is left on the disk").isEqualTo(usedBefore);
    }

    private long used() throws IOException {
        return Files.getFileStore(disk).getTotalSpace() - Files.getFileStore(disk).getUsableSpace();
    }
}
