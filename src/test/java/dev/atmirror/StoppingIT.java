package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorProcess;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a process that is told to stop says: how far it came, and where the next start goes on (issue 12, C20). */
class StoppingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TERMINATED = 128 + 15;

    private final TestDatabase database = migrated();

    private static TestDatabase migrated() {
        TestDatabase database = TestDatabase.create();
        database.migrate();
        return database;
    }

    private static List<String> messages(MirrorProcess process) {
        return process.output().lines().map(line -> line.replaceFirst("^\\S+ \\S+ +\\S+: ", "")).toList();
    }

    private static void awaitLine(MirrorProcess process, String text) {
        await(text).atMost(PATIENCE).until(() -> process.output().contains(text) || !process.isAlive());
        assertThat(process.output()).contains(text);
    }

    @Test
    void run_stopped_saysWhereTheNextStartGoesOn() {
        try (FakeUpstream upstream = new FakeUpstream(SignedLog.of(4, 5).lines());
                MirrorProcess process = MirrorProcess.run(MirrorRun.settings(database, upstream))) {
            process.awaitAddress();
            awaitLine(process, "caught up: ");
            assertThat(process.stop()).isEqualTo(TERMINATED);
            assertThat(messages(process))
                    .containsSubsequence("stopping …", "the next start goes on behind seq " + lastSeq(), "stopped")
                    .last()
                    .isEqualTo("stopped");
        }
    }

    private long lastSeq() {
        return database.number("select max(seq) from sync_cursors where stage = 'plc-logs'");
    }

    @Test
    void backfill_interrupted_saysHowFarItCame() {
        try (FakeUpstream upstream = new FakeUpstream(SignedLog.of(4, 20).lines())) {
            Map<String, String> settings = new HashMap<>(MirrorRun.settings(database, upstream));
            settings.put("atmirror.plc.page-size", "10");
            settings.put("atmirror.plc.requests-per-window", "1"); // one of the two pages
            settings.put("atmirror.plc.window-millis", "600000"); // there is no end to wait for
            try (MirrorProcess process = MirrorProcess.start(List.of("backfill", "plc-logs"), settings)) {
                await("some pages").atMost(PATIENCE).until(() -> database.operations() >= 10);
                process.stop();
                String interrupted = messages(process).stream().filter(line -> line.startsWith("interrupted: ")).findFirst().orElse("");
                assertThat(interrupted)
                        .matches("interrupted: \\d+ operations stored in .* s; the next start goes on behind seq " + lastSeq());
                assertThat(process.output()).doesNotContain("ProgressLog: caught up");
                assertThat(messages(process)).contains("stopping …").last().isEqualTo("stopped");
            }
        }
    }

    @Test
    void command_endedByItself_saysNothingOfStopping() {
        try (FakeUpstream upstream = new FakeUpstream(SignedLog.of(4, 5).lines());
                MirrorProcess process =
                        MirrorProcess.start(List.of("backfill", "plc-logs"), MirrorRun.settings(database, upstream))) {
            await("its end").atMost(PATIENCE).until(() -> !process.isAlive());
            assertThat(process.output()).contains("caught up: ").doesNotContain("stopping", "stopped", "interrupted");
        }
    }
}
