package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorProcess;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A mirror that is killed without a warning, again and again, ends up as one that was never disturbed. */
class KillIT {
    private static final int OPERATIONS = 8000;
    private static final int KILLS = 10;
    private static final String PAGE = "200";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void mirror_killedTenTimes_endsWithTheSameContent() {
        long seed = System.nanoTime();
        System.out.println("KillIT kills by seed " + seed);
        Random random = new Random(seed);
        SignedLog log = SignedLog.of(30, OPERATIONS, 5);
        TestDatabase database = TestDatabase.create();
        try (FakeUpstream upstream = new FakeUpstream(log.lines()).slowedBy(30)) {
            for (int kill = 0; kill < KILLS; kill++) {
                MirrorProcess mirror =
                        MirrorProcess.run(MirrorRun.settings(database, upstream), "atmirror.plc.page-size", PAGE);
                // The moment is a number of operations from now: while one page is stored, others are under way.
                long until = database.operations() + 1 + random.nextInt(OPERATIONS / KILLS - 250);
                await().atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1 + random.nextInt(20)))
                        .until(() -> database.operations() >= until || !mirror.isAlive());
                assertThat(mirror.isAlive()).as("the mirror is alive until it is killed").isTrue();
                mirror.kill();
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
}
