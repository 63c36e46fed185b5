package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LogLine;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code plc export} as users run it: a process whose output goes somewhere. */
class PlcExportIT {
    private static final SignedLog LOG = SignedLog.of(71, 7_000, 10);
    private static final TestDatabase MIRRORED = TestDatabase.create();

    @TempDir
    private Path folder;

    @BeforeAll
    static void mirror() {
        try (FakeUpstream upstream = new FakeUpstream(LOG.lines());
                MirrorRun run = MirrorRun.start(MIRRORED, upstream)) {
            run.awaitCaughtUp().awaitStored(LOG.valid().size());
        }
    }

    private static ProcessBuilder export(TestDatabase database, String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m", // whatever the length of the log
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.config.file=config/logging.properties",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "plc",
                "export"));
        command.addAll(Arrays.asList(options));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("ATMIRROR_POSTGRES_URL", database.url());
        return builder;
    }

    private Path exported(String... options) throws Exception {
        Path file = folder.resolve("export" + options.length + String.join("", options).hashCode() + ".jsonl");
        Path said = folder.resolve("said");
        Process process = export(MIRRORED, options).redirectOutput(file.toFile()).redirectError(said.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
        assertThat(Files.readString(said)).contains(" operations exported in ");
        return file;
    }

    private static String restored(Path file) {
        TestDatabase target = TestDatabase.create();
        PagesRestoring.restore(
                Map.of("atmirror.postgres.url", target.url(), "atmirror.plc.upstream", "http://plc.invalid"), file);
        assertThat(target.number("select count(*) from rejected_operations")).isZero();
        return target.content() + target.accounts();
    }

    @Test
    void export_byNumber_isTheLogAndRestoresToIt() throws Exception {
        Path file = exported();
        List<LogLine> valid = LOG.valid();
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSameSizeAs(valid);
        for (int i = 0; i < lines.size(); i += 97) {
            JsonNode line = Json.parse(lines.get(i));
            assertThat(line).isEqualTo(Json.parse(valid.get(i).sequenced()));
        }
        assertThat(lines.get(0)).startsWith("{\"seq\":").contains(",\"type\":\"sequenced_op\",\"did\":\"did:plc:");
        assertThat(restored(file)).isEqualTo(MIRRORED.content() + MIRRORED.accounts());
    }

    @Test
    void export_byTime_isInItsOrderWithTheFlagAndRestoresToTheSame() throws Exception {
        Path file = exported("--format", "legacy");
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(Json.parse(line));
        }
        assertThat(lines).hasSameSizeAs(LOG.valid());
        assertThat(lines).isSortedAccordingTo(Comparator.comparing(line -> line.get("createdAt").textValue()));
        assertThat(lines.stream().filter(line -> line.get("nullified").booleanValue()).map(line -> line.get("cid").textValue()))
                .containsExactlyInAnyOrderElementsOf(LOG.nullified());
        assertThat(restored(file)).isEqualTo(MIRRORED.content() + MIRRORED.accounts());
    }

    @Test
    void export_inParts_isTheWhole() throws Exception {
        List<String> whole = Files.readAllLines(exported());
        List<String> parts = new ArrayList<>(Files.readAllLines(exported("--count", "1234")));
        assertThat(parts).hasSize(1234);
        long seq = Json.parse(parts.get(1233)).get("seq").longValue();
        parts.addAll(Files.readAllLines(exported("--after", String.valueOf(seq))));
        assertThat(parts).isEqualTo(whole);
    }

    @Test
    void export_behindATime_beginsBehindIt() throws Exception {
        List<String> whole = Files.readAllLines(exported("--format", "legacy"));
        String time = Json.parse(whole.get(3000)).get("createdAt").textValue();
        List<String> rest = Files.readAllLines(exported("--after", time));
        assertThat(rest).isEqualTo(whole.subList(whole.size() - rest.size(), whole.size()));
        assertThat(Json.parse(rest.get(0)).get("createdAt").textValue()).isGreaterThan(time);
        assertThat(Json.parse(whole.get(whole.size() - rest.size() - 1)).get("createdAt").textValue()).isEqualTo(time);
    }

    @Test
    void export_whoseReaderLeaves_endsWithoutComplaint() throws Exception {
        Path said = folder.resolve("said");
        Process process = export(MIRRORED).redirectError(said.toFile()).start();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(reader.readLine()).startsWith("{\"seq\":");
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(said)).isEmpty();
    }

    @Test
    void export_stoppedByASignal_endsWithAWholeLine() throws Exception {
        Process process = export(MIRRORED).start(); // its output is a pipe that fills
        byte[] begin = process.getInputStream().readNBytes(100_000);
        process.toHandle().destroy(); // the other one closes the pipe, too
        byte[] rest = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        List<String> lines = (new String(begin, StandardCharsets.UTF_8) + new String(rest, StandardCharsets.UTF_8)).lines().toList();
        assertThat(lines).hasSizeLessThan(LOG.valid().size());
        assertThat(lines.get(lines.size() - 1)).endsWith("Z\"}");
    }

    @Test
    void export_thatCannotBe_saysWhyAndFails() throws Exception {
        assertThat(failing(TestDatabase.create(), 1)).isEqualTo("at-mirror: the database is empty; `run` or `db migrate` creates the tables");
        assertThat(failing(MIRRORED, 2, "--after", "yesterday")).startsWith("at-mirror: --after is neither a sequence number nor a time");
        assertThat(failing(MIRRORED, 2, "--after", "7", "--format", "legacy"))
                .startsWith("at-mirror: --format seq goes with a sequence number, legacy with a time");
        assertThat(failing(MIRRORED, 2, "--count", "0")).startsWith("at-mirror: --count begins at 1");
    }

    private String failing(TestDatabase database, int code, String... options) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        Process process = export(database, options)
                .redirectOutput(folder.resolve("nothing").toFile())
                .redirectError(said.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(code);
        assertThat(folder.resolve("nothing")).isEmptyFile();
        return Files.readString(said).strip();
    }
}
