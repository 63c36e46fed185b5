package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LogLine;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A generated log whose {@code nullified} flags are right by construction, where the generator is at hand. */
class PlcgenIT {
    private static final Path GENERATOR =
            Path.of(Optional.ofNullable(System.getenv("ATMIRROR_TEST_PLCGEN")).orElse("../shared/plcgen"));
    private static final Path COPY = Path.of("target", "plcgen"); // it builds where it stands
    private static final int OPERATIONS = 20_000;
    private static final long MINUTES = 10;
    private static List<JsonNode> legacy;

    @BeforeAll
    static void generate() throws Exception {
        assumeTrue(Files.isRegularFile(GENERATOR.resolve("run.sh")), "there is no generator in " + GENERATOR);
        copy();
        legacy = lines("legacy");
    }

    private static void copy() throws IOException {
        for (String name : List.of("run.sh", "pom.xml", "src")) {
            try (Stream<Path> all = Files.walk(GENERATOR.resolve(name))) {
                for (Path from : all.filter(Files::isRegularFile).toList()) {
                    Path to = COPY.resolve(GENERATOR.relativize(from).toString());
                    Files.createDirectories(to.getParent());
                    // With its time, or it would be built again every time.
                    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static List<JsonNode> lines(String format) throws Exception {
        Path out = COPY.resolve(format + ".jsonl").toAbsolutePath();
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "run.sh", "--ops", String.valueOf(OPERATIONS), "--seed", "7", "--format", format, "--out", out.toString())
                .directory(COPY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(COPY.resolve("generator.log").toFile());
        builder.environment().put("PLCGEN_JAVA_OPTS", "-Xmx512m");
        Process process = builder.start();
        assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(COPY.resolve("generator.log"))).isZero();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(out)) {
            lines.add(Json.parse(line));
        }
        assertThat(lines).hasSize(OPERATIONS);
        return lines;
    }

    private static LogLine logLine(JsonNode line) {
        return new LogLine(
                line.path("seq").longValue(),
                line.get("did").textValue(),
                line.get("cid").textValue(),
                Instant.parse(line.get("createdAt").textValue()),
                (ObjectNode) line.get("operation"));
    }

    private static void assertFlagsComeOut(List<LogLine> log, FakeUpstream.Cursors cursors) {
        TestDatabase database = TestDatabase.create();
        try (FakeUpstream upstream = new FakeUpstream(log).with(cursors);
                MirrorRun run = MirrorRun.start(database, upstream)) {
            await().atMost(Duration.ofMinutes(2)).until(() -> database.operations() == OPERATIONS);
            List<String> nullified = legacy.stream()
                    .filter(line -> line.get("nullified").booleanValue())
                    .map(line -> line.get("cid").textValue())
                    .sorted()
                    .toList();
            assertThat(nullified).hasSizeGreaterThan(20);
            assertThat(database.ask("select string_agg(cid, ',' order by cid) from plc_log_entries where nullified"))
                    .isEqualTo(String.join(",", nullified));
            assertThat(database.number("select count(*) from rejected_operations")).isZero();
            assertThat(run.metric("atmirror_plc_storage_failures_total", "")).isZero();
        }
    }

    @Test
    void legacyLog_mirroredByTime_hasTheNullifiedFlagsOfItsMaker() {
        assertFlagsComeOut(legacy.stream().map(PlcgenIT::logLine).toList(), FakeUpstream.Cursors.TIMESTAMP_ONLY);
    }

    @Test
    void sequencedLog_mirroredByNumber_hasTheNullifiedFlagsOfItsMaker() throws Exception {
        assertFlagsComeOut(lines("seq").stream().map(PlcgenIT::logLine).toList(), FakeUpstream.Cursors.SEQUENCE);
    }
}
