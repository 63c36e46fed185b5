package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.sandbox.NetworkSettings;
import dev.atmirror.sandbox.Sandbox;
import dev.atmirror.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the README says of trying handles with the sandbox. */
class SandboxHandlesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void handles_ofTheSandbox_areCheckedThroughItsRelay() throws Exception {
        SandboxSettings settings = SandboxSettings.builder()
                .port(0)
                .operations(50)
                .rate(0)
                .network(NetworkSettings.builder().pds(2).accounts(40).build())
                .build();
        try (Sandbox sandbox = Sandbox.start(settings, InstantSource.system());
                RunningMirror mirror = RunningMirror.of(sandbox.uri(), Path.of("target", "it", "sandbox-handles"), Map.of(
                        "atmirror.routes.handles.enabled", "true",
                        "atmirror.routes.handles.schedule", "* * * * * ?",
                        "atmirror.handles.local", "test=127.0.0.1:" + sandbox.relay().orElseThrow().getPort()))) {
            mirror.start();
            mirror.awaitReady();
            await("all are checked").atMost(PATIENCE).until(() -> {
                mirror.ask("with d as (update handle_check set due = now() where due > now() and due < now() + interval '2 minutes' and result = '-')"
                        + " update handle_parent set next_due = '-infinity' where next_due > now() returning 1");
                return mirror.ask("select did from account_infos where handle is not null and handle_result = 'unchecked'").isEmpty();
            });
            JsonNode summary = Reply.get(sandbox.uri().resolve("/_sandbox/summary")).json();
            assertThat(result(mirror, summary, "ordinary")).contains("valid").isSubsetOf("valid", "no_record", "unchecked");
            assertThat(result(mirror, summary, "handle-elsewhere")).containsOnly("points_elsewhere");
            assertThat(result(mirror, summary, "handle-disputed")).containsOnly("no_record");
            assertThat(result(mirror, summary, "handle-changed")).containsOnly("valid");
            assertThat(result(mirror, summary, "takendown")).containsOnly("no_record");
        }
    }

    private static List<String> result(RunningMirror mirror, JsonNode summary, String kind) throws Exception {
        List<String> found = new ArrayList<>();
        for (JsonNode account : summary.path("accounts")) {
            if (account.path("kind").asText().equals(kind)) {
                found.addAll(mirror.ask("select handle_result from account_infos where did = '" + account.path("did").asText() + "'"));
            }
        }
        return found;
    }
}
