package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.app.Main;
import dev.atmirror.testkit.DeclaredHandles;
import dev.atmirror.testkit.FakeNameServer;
import dev.atmirror.testkit.TestDatabase;
import dev.atmirror.testkit.WellKnownHost;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code backfill handles} as processes: killed without a warning, and two at a time. */
class HandleKillIT {
    private static final int ACCOUNTS = 1_000;
    private static final int KILLS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestDatabase database = TestDatabase.create();
    private final FakeNameServer dns = FakeNameServer.start();
    private final WellKnownHost hosts = WellKnownHost.start().saysOfOthers(HandleKillIT::did);

    @AfterEach
    void stop() {
        dns.close();
        hosts.close();
    }

    /** {@code u7.big.test} is account 7's. */
    private static String did(String handle) {
        return "did:plc:" + handle.substring(1, handle.indexOf('.'));
    }

    private long valid() {
        return database.number("select count(*) from handle_checks where result = 'valid'");
    }

    @Test
    void backfill_killedInTheMiddle_missesNothing() throws Exception {
        long seed = System.nanoTime();
        System.out.println("HandleKillIT kills by seed " + seed);
        Random random = new Random(seed);
        database.migrate();
        new DeclaredHandles(database).manyOfOld(ACCOUNTS, "big.test");
        hosts.delay(Duration.ofMillis(20));
        for (int kill = 0; kill < KILLS; kill++) {
            Process run = backfill(Map.of());
            long until = valid() + 1 + random.nextInt(ACCOUNTS / KILLS / 2);
            await("some are checked").atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1 + random.nextInt(10)))
                    .until(() -> valid() >= until || !run.isAlive());
            run.destroyForcibly();
            assertThat(run.waitFor(10, TimeUnit.SECONDS)).isTrue();
            passTime();
        }
        awaitEnd(backfill(Map.of()));
        assertThat(valid()).isEqualTo(ACCOUNTS);
        assertThat(database.number("select count(*) from handle_check where due < now() + interval '10 days'")).isZero();
    }

    /** Instead of waiting for the claims to end. */
    private void passTime() {
        database.run("update handle_check set due = due - interval '121 seconds' where due between now() and now() + interval '120 seconds'");
        database.run("update handle_parent set next_due = next_due - interval '121 seconds', free_at = now()");
    }

    @Test
    void backfill_twoProcesses_shareThePaceAndAskForNothingTwice() throws Exception {
        int rate = 50;
        int accounts = 800;
        database.migrate();
        new DeclaredHandles(database).manyOfOld(accounts, "big.test");
        Map<String, String> slowly = Map.of("ATMIRROR_PDS_REQUESTS_PER_SECOND", String.valueOf(rate));
        long start = System.nanoTime();
        Process one = backfill(slowly);
        Process other = backfill(slowly);
        awaitEnd(one);
        awaitEnd(other);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(valid()).isEqualTo(accounts);
        assertThat(hosts.asked()).hasSize(accounts).doesNotHaveDuplicates();
        assertThat(took).as("one pace for both").isGreaterThan(Duration.ofSeconds(accounts / rate - 1));
    }

    private static void awaitEnd(Process run) throws InterruptedException {
        assertThat(run.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("it comes to its end").isTrue();
        assertThat(run.exitValue()).isZero();
    }

    private Process backfill(Map<String, String> settings) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                java.toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1", // such a short life is not worth the second compiler
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "backfill",
                "handles"));
        builder.environment().put("ATMIRROR_POSTGRES_URL", database.url());
        builder.environment().put("ATMIRROR_NET_ALLOW_PRIVATE", "true");
        builder.environment().put("ATMIRROR_PDS_REQUESTS_PER_SECOND", "200");
        builder.environment().put("ATMIRROR_HANDLES_DNS_QUERIES_PER_SECOND", "1000");
        builder.environment().put("ATMIRROR_HANDLES_RESOLVERS", dns.address());
        builder.environment().put("ATMIRROR_HANDLES_LOCAL", "test=" + hosts.address());
        builder.environment().putAll(settings);
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target", "killed-handles.log")))
                .start();
    }
}
