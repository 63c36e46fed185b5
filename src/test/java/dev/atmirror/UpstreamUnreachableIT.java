package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.Fault;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LoggedLines;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An upstream that cannot be reached: the address, the cause and what happens next are said (issue 12, C15). */
class UpstreamUnreachableIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private final TestDatabase database = TestDatabase.create();

    @Test
    void upstream_refusingConnections_isNamedWithTheCauseAndTheNextTry() throws Exception {
        FakeUpstream gone = new FakeUpstream(List.of());
        gone.close();
        String refused = "upstream " + gone.url() + " refused the connection";
        try (LoggedLines lines = new LoggedLines("dev.atmirror.plc.RequestPace");
                MirrorRun run = MirrorRun.start(database, gone, "atmirror.plc.standing-schedule", "* * * * * ?")) {
            await().atMost(PATIENCE).until(() -> lines.messages().toString().contains("(attempt 2)"));
            assertThat(lines.messages().toString())
                    .contains("plc-logs: " + refused + "; retrying in 1 s (attempt 1)")
                    .contains("plc-logs: " + refused + "; retrying in 2 s (attempt 2)");
            JsonNode stage = Json.parse(run.get("/ready").body()).path("stages").path("plc-logs");
            assertThat(stage.path("lastError").asText()).isEqualTo(refused);
            assertThat(stage.path("lastErrorAt").asText()).isLessThanOrEqualTo(stage.path("nextTryAt").asText());
            assertThat(run.get("/").body()).contains("last error  " + refused).contains("next try    ");
            await().atMost(PATIENCE).until(() -> refused.equals(database.ask(
                    "select last_error from sync_cursors where stage = 'plc-logs' and next_try_at > last_error_at")));
        }
    }

    @Test
    void upstream_answeringAgain_isWaitedForNoMore() throws Exception {
        SignedLog log = SignedLog.of(131, 50);
        try (FakeUpstream upstream = new FakeUpstream(log.lines()).withoutStream().misbehave(Fault.status(502));
                LoggedLines lines = new LoggedLines("dev.atmirror.plc.RequestPace");
                MirrorRun run = MirrorRun.start(database, upstream, "atmirror.plc.standing-schedule", "* * * * * ?")) {
            run.awaitStored(log.valid().size()).awaitCaughtUp();
            assertThat(lines.messages().toString()).contains("plc-logs: upstream " + upstream.url() + " answered 502; retrying in 1 s (attempt 1)");
            JsonNode stage = Json.parse(run.get("/ready").body()).path("stages").path("plc-logs");
            assertThat(stage.has("lastError")).isTrue();
            assertThat(stage.has("nextTryAt")).isFalse();
        }
    }
}
