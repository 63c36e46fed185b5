package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The restoring process is killed without a warning in each of its steps; the database is as before, and takes it then. */
class TablesRestoreKillIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final SignedLog SIGNED = SignedLog.of(87, 300, 0);
    private static final String LINGER = "create function linger() returns trigger language plpgsql as"
            + " $$ begin perform pg_sleep(60); return new; end $$;";
    private static final String LINGER_OVER_COMMANDS = "create function linger() returns event_trigger language plpgsql as"
            + " $$ begin perform pg_sleep(60); end $$;";

    @TempDir
    private static Path folder;

    private static TestDatabase source;
    private static Path dump;
    private static Restoring restoring;

    @BeforeAll
    static void fill() {
        Restoring.needsPgDump();
        source = TestDatabase.create();
        try (FakeUpstream upstream = new FakeUpstream(SIGNED.lines());
                MirrorRun run = MirrorRun.start(source, upstream)) {
            run.awaitStored(SIGNED.valid().size()).awaitCaughtUp();
        }
        restoring = new Restoring(folder);
        // What verification must put aside, which makes it write.
        source.run("update plc_operation set sig = '' where id = (select max(id) from plc_operation)");
        dump = restoring.dump(source, "plc_log_entries");
    }

    @Test
    void restore_killedAmongTheRows_leavesNothing() throws Exception {
        killDuring(
                LINGER + "create trigger linger before insert on plc_operation for each row when (new.id % 100 = 0) execute function linger()",
                "drop trigger linger on plc_operation; drop function linger");
    }

    @Test
    void restore_killedWhileBuildingIndexes_leavesNothing() throws Exception {
        killDuring(
                LINGER_OVER_COMMANDS + "create event trigger linger on ddl_command_end when tag in ('CREATE INDEX') execute function linger()",
                "drop event trigger linger; drop function linger");
    }

    @Test
    void restore_killedWhileVerifying_leavesNothing() throws Exception {
        killDuring(
                LINGER + "create trigger linger before insert on rejected_operations for each row execute function linger()",
                "drop trigger linger on rejected_operations; drop function linger");
    }

    private void killDuring(String linger, String noMore) throws Exception {
        TestDatabase target = Restoring.empty();
        target.run("insert into sync_cursors (stage, host, kind, seq, time) values ('plc-logs', 'before.test', 'seq', 0, now())");
        String before = Restoring.indexes(target) + Restoring.rows(target, "sync_cursors");
        target.run(linger);
        Process process = restore(target);
        String others = " from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
        await("the step").atMost(PATIENCE)
                .until(() -> target.number("select count(*)" + others + " and wait_event = 'PgSleep'") > 0);
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        await("the server notices").atMost(PATIENCE).until(() -> target.number("select count(*)" + others) == 0);
        target.run(noMore);
        assertThat(target.operations()).isZero();
        assertThat(Restoring.indexes(target) + Restoring.rows(target, "sync_cursors")).isEqualTo(before);
        assertThat(target.number("select count(*) from rejected_operations")).isZero();
        Commands.Outcome again = restoring.restore(target, dump);
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(target.operations()).isEqualTo(SIGNED.valid().size() - 1);
        assertThat(Restoring.indexes(target)).isEqualTo(Restoring.indexes(source));
    }

    private static Process restore(TestDatabase target) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                java.toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1", // such a short life is not worth the second compiler
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "snapshot",
                "restore",
                dump.toString()));
        builder.environment().put("ATMIRROR_POSTGRES_URL", target.url());
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target", "killed-restore.log")))
                .start();
    }
}
