package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.store.Schema;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LoggedLines;
import dev.atmirror.testkit.MirrorProcess;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stages' switches in the settings' file, changed while a mirror runs. */
class StageSwitchesIT {
    private static final Duration WITHIN_SECONDS = Duration.ofSeconds(10);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(3); // for three looks at the file

    @TempDir
    Path folder;

    private final SignedLog log = SignedLog.of(60, 50);
    private final FakeUpstream upstream = new FakeUpstream(log.lines());
    private final TestDatabase database = TestDatabase.create();
    private final LoggedLines said = new LoggedLines(StageSwitches.class.getName());
    private Path file;
    private Databases databases;
    private Mirror mirror;
    private StageSwitches switches;

    @BeforeEach
    void copyTheFile() throws IOException {
        file = Files.copy(Path.of("config", "application.properties"), folder.resolve("application.properties"));
    }

    @AfterEach
    void stop() {
        said.close();
        if (switches != null) {
            switches.close();
            mirror.close();
            databases.close();
        }
        upstream.close();
    }

    private void start(Map<String, String> overrides) throws Exception {
        Map<String, String> all = new HashMap<>(MirrorRun.settings(database, upstream));
        all.putAll(overrides);
        Settings settings = Settings.load(all, file);
        databases = Databases.open(settings);
        new Schema(databases.schema()).migrate();
        mirror = new Mirror(settings, databases);
        mirror.start(name -> true, true);
        switches = StageSwitches.watch(mirror, settings);
    }

    private void change(String from, String to) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    private boolean isStarted(String stage) {
        return mirror.camel().getRouteController().getRouteStatus(stage).isStarted();
    }

    private void awaitStreaming() {
        await().atMost(Duration.ofSeconds(40)).until(() -> upstream.streamsOpen() == 1 && database.operations() == log.lines().size());
    }

    @Test
    void logs_switchedOffAndOn_readNothingMeanwhileAndGoOn() throws Exception {
        start(Map.of());
        awaitStreaming();
        change("plc-logs.enabled=true", "plc-logs.enabled=false");
        await().atMost(WITHIN_SECONDS).until(() -> !isStarted("plc-logs") && upstream.streamsOpen() == 0);
        assertThat(said.lines()).containsExactly("INFO plc-logs: switched off in " + file);
        int asked = upstream.queries().size();
        int streams = upstream.streamsOpened();
        upstream.append(log.grow(20, 0));
        await().during(LONG_ENOUGH).atMost(WITHIN_SECONDS).until(() -> database.operations() == 50);
        assertThat(upstream.queries()).hasSize(asked);
        assertThat(upstream.streamsOpened()).isEqualTo(streams);
        change("plc-logs.enabled=false", "plc-logs.enabled=true");
        await().atMost(WITHIN_SECONDS).until(() -> database.operations() == 70);
        assertThat(said.lines()).hasSize(2).last().isEqualTo("INFO plc-logs: switched on in " + file);
    }

    @Test
    void stream_switchedOffAndOn_leavesThePagesToGoOn() throws Exception {
        start(Map.of());
        awaitStreaming();
        change("plc-stream.enabled=true", "plc-stream.enabled=false");
        await().atMost(WITHIN_SECONDS).until(() -> !isStarted("plc-stream") && upstream.streamsOpen() == 0);
        upstream.append(log.grow(20, 0));
        await().atMost(WITHIN_SECONDS).until(() -> database.operations() == 70);
        assertThat(upstream.streamsOpened()).isEqualTo(1);
        change("plc-stream.enabled=false", "plc-stream.enabled=true");
        await().atMost(WITHIN_SECONDS).until(() -> isStarted("plc-stream"));
    }

    @Test
    void stream_switchedOnWhileTheLogsAreOff_readsNothing() throws Exception {
        change("plc-stream.enabled=true", "plc-stream.enabled=false");
        start(Map.of());
        await().atMost(Duration.ofSeconds(40)).until(() -> database.operations() == 50);
        change("plc-logs.enabled=true", "plc-logs.enabled=false");
        await().atMost(WITHIN_SECONDS).until(() -> !isStarted("plc-logs"));
        change("plc-stream.enabled=false", "plc-stream.enabled=true");
        await().atMost(WITHIN_SECONDS).until(() -> isStarted("plc-stream"));
        upstream.append(log.grow(20, 0));
        await().during(LONG_ENOUGH).atMost(WITHIN_SECONDS).until(() -> database.operations() == 50);
        assertThat(upstream.streamsOpened()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plc-stream.enabled=perhaps", "plc-stream.enabld=false", "plc-stream.enabled=\\u00zz"})
    void file_thatDoesNotRead_changesNothingAndSaysWhy(String broken) throws Exception {
        start(Map.of());
        String whole = Files.readString(file);
        Files.writeString(
                file, whole.replace("plc-logs.enabled=true", "plc-logs.enabled=false").replace("plc-stream.enabled=true", broken));
        await().atMost(WITHIN_SECONDS).until(() -> !said.lines().isEmpty());
        assertThat(said.lines()).singleElement().asString().startsWith("WARNING " + file + " is not taken up: ");
        assertThat(isStarted("plc-logs") && isStarted("plc-stream")).isTrue();
        Files.writeString(file, whole.replace("plc-stream.enabled=true", "plc-stream.enabled=false"));
        await().atMost(WITHIN_SECONDS).until(() -> !isStarted("plc-stream"));
        assertThat(isStarted("plc-logs")).isTrue();
    }

    /** Issue 12, C16. */
    @Test
    void file_withAnotherSettingChanged_saysOnceWhenItIsTakenUp() throws Exception {
        start(Map.of());
        change("atmirror.pds.visit=5m", "atmirror.pds.visit=6m");
        await().atMost(WITHIN_SECONDS).until(() -> !said.lines().isEmpty());
        assertThat(said.lines()).containsExactly("INFO atmirror.pds.visit: changed in " + file + "; taken up at the next start");
        change("plc-stream.enabled=true", "plc-stream.enabled=false");
        await().atMost(WITHIN_SECONDS).until(() -> !isStarted("plc-stream"));
        assertThat(said.lines()).hasSize(2);
    }

    /** Issue 12, C16: whatever is wrong in it. */
    @Test
    void file_withAWrongValue_isWarnedOfWhenItIsSaved() throws Exception {
        start(Map.of());
        change("atmirror.pds.visit=5m", "atmirror.pds.visit=five");
        await().atMost(WITHIN_SECONDS).until(() -> !said.lines().isEmpty());
        assertThat(said.lines()).singleElement().asString()
                .startsWith("WARNING " + file + " is not taken up: atmirror.pds.visit (ATMIRROR_PDS_VISIT) is \"five\": ");
    }

    @Test
    void file_missingForAWhile_changesNothing() throws Exception {
        start(Map.of());
        Files.delete(file);
        await().during(LONG_ENOUGH).atMost(WITHIN_SECONDS).until(() -> isStarted("plc-logs") && isStarted("plc-stream"));
        assertThat(said.lines()).isEmpty();
    }

    @Test
    void file_whereSomethingStrongerSwitches_changesNothing() throws Exception {
        start(Map.of("atmirror.routes.plc-stream.enabled", "true"));
        change("plc-stream.enabled=true", "plc-stream.enabled=false");
        await().during(LONG_ENOUGH).atMost(WITHIN_SECONDS).until(() -> isStarted("plc-stream"));
    }

    @Test
    void environment_thatSwitchesOff_keepsTheStageFromStarting() {
        Map<String, String> settings = MirrorRun.settings(database, upstream);
        try (MirrorProcess process = MirrorProcess.run(settings, "atmirror.routes.plc-logs.enabled", "false")) {
            Reply ready = Reply.get(process.awaitAddress().resolve("/ready"));
            assertThat(ready.status()).isEqualTo(503);
            await().during(LONG_ENOUGH).atMost(WITHIN_SECONDS).until(() -> upstream.queries().isEmpty());
        }
    }
}
