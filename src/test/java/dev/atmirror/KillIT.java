package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.app.Main;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A mirror that is killed without a warning, again and again, ends up as one that was never disturbed. */
class KillIT {
    private static final int OPERATIONS = 8000;
    private static final int KILLS = 10;
    private static final String PAGE = "200";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void mirror_killedTenTimes_endsWithTheSameContent() throws Exception {
        long seed = System.nanoTime();
        System.out.println("KillIT kills by seed " + seed);
        Random random = new Random(seed);
        SignedLog log = SignedLog.of(30, OPERATIONS, 5);
        TestDatabase database = TestDatabase.create();
        try (FakeUpstream upstream = new FakeUpstream(log.lines()).slowedBy(30)) {
            for (int kill = 0; kill < KILLS; kill++) {
                Process mirror = start(database, upstream);
                // The moment is a number of operations from now: while one page is stored, others are under way.
                long until = database.operations() + 1 + random.nextInt(OPERATIONS / KILLS - 250);
                await().atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1 + random.nextInt(20)))
                        .until(() -> database.operations() >= until || !mirror.isAlive());
                assertThat(mirror.isAlive()).as("the mirror is alive until it is killed").isTrue();
                mirror.destroyForcibly();
                assertThat(mirror.waitFor(10, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(database.operations()).as("there was something left to lose").isLessThan(log.valid().size());
            try (MirrorRun run = MirrorRun.start(database, upstream, "atmirror.plc.page-size", PAGE)) {
                run.awaitStored(log.valid().size());
            }
        }
        TestDatabase undisturbed = TestDatabase.create();
        try (FakeUpstream upstream = new FakeUpstream(log.lines());
                MirrorRun run = MirrorRun.start(undisturbed, upstream, "atmirror.plc.page-size", PAGE)) {
            run.awaitStored(log.valid().size());
        }
        assertThat(database.content()).as("seed " + seed).isEqualTo(undisturbed.content());
        assertThat(database.accounts()).as("seed " + seed).isEqualTo(undisturbed.accounts());
        assertThat(database.ask("select sum(operations) from sync_cursors"))
                .isEqualTo(String.valueOf(log.valid().size()));
    }

    private static Process start(TestDatabase database, FakeUpstream upstream) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                java.toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1", // such a short life is not worth the second compiler
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run"));
        MirrorRun.settings(database, upstream).forEach((key, value) -> builder.environment()
                .put(key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"), value));
        builder.environment().put("ATMIRROR_PLC_PAGE_SIZE", PAGE);
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target", "killed-mirror.log")))
                .start();
    }
}
