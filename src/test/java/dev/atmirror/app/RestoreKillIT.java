package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LogLine;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restore by pages is killed without a warning, again and again, and in the end nothing is missing and nothing double. */
class RestoreKillIT {
    private static final int KILLS = 4;
    private static final int OPERATIONS = 6_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final TestDatabase database = TestDatabase.create();

    @Test
    void restore_killedInTheMiddle_goesOnBehindWhatIsStored() throws Exception {
        long seed = System.nanoTime();
        System.out.println("RestoreKillIT kills by seed " + seed);
        Random random = new Random(seed);
        SignedLog log = SignedLog.of(61, OPERATIONS, 20);
        TestDatabase undisturbed = TestDatabase.create();
        database.migrate();
        try (FakeUpstream upstream = new FakeUpstream(log.lines())) {
            try (MirrorRun run = MirrorRun.start(undisturbed, upstream)) {
                run.awaitCaughtUp().awaitStored(log.valid().size());
            }
            Path file = file(log.lines());
            for (int kill = 0; kill < KILLS; kill++) {
                Process run = start(file, upstream);
                long until = database.operations() + 1 + random.nextInt(OPERATIONS / KILLS);
                await().atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1 + random.nextInt(10)))
                        .until(() -> database.operations() >= until || !run.isAlive());
                run.destroyForcibly();
                assertThat(run.waitFor(10, TimeUnit.SECONDS)).isTrue();
            }
            Process last = start(file, upstream);
            assertThat(last.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(last.exitValue()).isZero();
        }
        assertThat(database.content()).as("seed " + seed).isEqualTo(undisturbed.content());
        assertThat(database.accounts()).as("seed " + seed).isEqualTo(undisturbed.accounts());
        assertThat(database.ask("select string_agg(stage || ' ' || seq || ' ' || operations, ',') from sync_cursors"))
                .as("seed " + seed)
                .isEqualTo("plc-logs " + log.lines().get(OPERATIONS - 1).seq() + " " + log.valid().size());
    }

    private Path file(List<LogLine> lines) throws IOException {
        Path file = folder.resolve("log.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (LogLine line : lines) {
                out.write((line.sequenced() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private Process start(Path file, FakeUpstream upstream) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                java.toString(),
                "-Xmx96m", // whatever the length of the file
                "-XX:TieredStopAtLevel=1", // such a short life is not worth the second compiler
                "-cp",
                System.getProperty("java.class.path"),
                PagesRestoring.class.getName(),
                file.toString()));
        builder.environment().put("ATMIRROR_POSTGRES_URL", database.url());
        builder.environment().put("ATMIRROR_PLC_UPSTREAM", upstream.url());
        builder.environment().put("ATMIRROR_PLC_PAGE_SIZE", "100");
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target", "killed-restore.log")))
                .start();
    }
}
