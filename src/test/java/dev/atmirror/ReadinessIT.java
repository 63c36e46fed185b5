package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code /ready} and {@code /} say, in both directions (issue 12, A7). */
class ReadinessIT {
    private static final Duration A_FEW_SECONDS = Duration.ofSeconds(8);
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private final TestDatabase database = TestDatabase.create();
    private final SignedLog log = SignedLog.of(127, 200); // ends years ago: a quiet log
    private boolean away;

    @AfterEach
    void bringBack() {
        if (away) {
            TestDatabase.startServer();
        }
    }

    private static JsonNode ready(MirrorRun run, int status) {
        try {
            HttpResponse<String> answer = run.get("/ready");
            return answer.statusCode() == status ? Json.parse(answer.body()) : Json.MAPPER.nullNode();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void ready_databaseGone_saysSoWithinSecondsAndRecovers() throws Exception {
        try (FakeUpstream upstream = new FakeUpstream(log.lines());
                MirrorRun run = MirrorRun.start(database, upstream)) {
            run.awaitStored(log.valid().size()).awaitStreaming();
            await().atMost(PATIENCE).until(() -> ready(run, 200).isObject());
            TestDatabase.stopServer();
            away = true;
            await().atMost(A_FEW_SECONDS).until(() -> ready(run, 503).isObject());
            assertThat(ready(run, 503).path("database").asText()).contains("refused").doesNotContain("Exception");
            assertThat(run.get("/").body()).contains("state       the database does not answer").doesNotContain("state       up");
            TestDatabase.startServer();
            away = false;
            await().atMost(PATIENCE).until(() -> ready(run, 200).isObject());
            assertThat(run.get("/").body()).contains("state       up to date");
        }
    }

    @Test
    void ready_upstreamGoneAfterAQuietLog_isBehindByTheTimeSinceItAnswered() {
        try (FakeUpstream upstream = new FakeUpstream(log.lines()).withoutStream();
                MirrorRun run = MirrorRun.start(database, upstream, "atmirror.ready-within", "1s")) {
            run.awaitStored(log.valid().size()).awaitCaughtUp();
            upstream.close();
            JsonNode stage = await().atMost(PATIENCE)
                    .until(() -> ready(run, 503).path("stages").path("plc-logs"), found -> found.has("behindSeconds"));
            assertThat(stage.path("behindSeconds").asLong()).isBetween(0L, 60L);
            assertThat(stage.path("caughtUp").asBoolean()).isFalse();
        }
        FakeUpstream gone = new FakeUpstream(log.lines());
        gone.close();
        try (MirrorRun run = MirrorRun.start(database, gone, "atmirror.ready-within", "1s")) {
            assertThat(ready(run, 503).path("stages").path("plc-logs").path("behindSeconds").asLong())
                    .as("after a restart").isBetween(0L, 90L);
        }
    }
}
