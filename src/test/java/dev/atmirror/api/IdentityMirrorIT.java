package dev.atmirror.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.FakeNameServer;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LogLine;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.Ops;
import dev.atmirror.testkit.SigningKey;
import dev.atmirror.testkit.TestDatabase;
import dev.atmirror.testkit.WellKnownHost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** From the upstream's log and real name servers to the answers: a whole mirror whose stage of handles is off. */
class IdentityMirrorIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant T0 = Instant.parse("2024-05-01T00:00:00Z");
    private static final SigningKey KEY = SigningKey.k256("owner");
    private static final LogLine ALICE = genesis(1, "alice.test");
    private static final LogLine BOB = genesis(2, "bob.test");
    private static final LogLine CAROL = genesis(3, "carol.test");

    private static final LogLine DAN = genesis(4, "dan.test");

    private static FakeNameServer dns;
    private static WellKnownHost hosts;
    private static FakeUpstream upstream;
    private static MirrorRun run;

    private static LogLine genesis(long seq, String handle) {
        ObjectNode signed = Ops.sign(Ops.operation(List.of(KEY), handle, "https://pds.test", null), KEY);
        return new LogLine(seq, Ops.did(signed), Ops.cid(signed), T0.plusSeconds(seq), signed);
    }

    private static LogLine renamed(long seq, LogLine before, String handle) {
        ObjectNode signed = Ops.sign(Ops.operation(List.of(KEY), handle, "https://pds.test", before.cid()), KEY);
        return new LogLine(seq, before.did(), Ops.cid(signed), T0.plusSeconds(seq), signed);
    }

    @BeforeAll
    static void start() {
        dns = FakeNameServer.start();
        hosts = WellKnownHost.start();
        upstream = new FakeUpstream(List.of(ALICE, BOB, CAROL, DAN));
        dns.txt("_atproto.alice.test", "did=" + ALICE.did());
        hosts.says("bob.test", 200, BOB.did());
        run = MirrorRun.start(
                        TestDatabase.create(),
                        upstream,
                        "atmirror.handles.resolvers", dns.address(),
                        "atmirror.handles.local", "test=" + hosts.address(),
                        "atmirror.handles.timeout", "5s")
                .awaitCaughtUp();
    }

    @AfterAll
    static void stop() {
        run.close();
        upstream.close();
        hosts.close();
        dns.close();
    }

    private static JsonNode json(String path) throws Exception {
        return Json.parse(run.get(path).body());
    }

    @Test
    void handle_thatNobodyChecked_isCheckedWhenItIsAskedFor() throws Exception {
        String resolve = "/xrpc/com.atproto.identity.resolveHandle?handle=";
        assertThat(json("/info/" + CAROL.did()).at("/handleCheck/result").textValue()).isEqualTo("unchecked");
        assertThat(json(resolve + "alice.test").get("did").textValue()).isEqualTo(ALICE.did());
        assertThat(json(resolve + "bob.test").get("did").textValue()).isEqualTo(BOB.did());
        assertThat(json(resolve + "carol.test").get("message").textValue()).isEqualTo("Unable to resolve handle");
        assertThat(json("/info/" + BOB.did()).at("/handleCheck/method").textValue()).isEqualTo("well-known");
        assertThat(json("/info/" + CAROL.did()).get("handle").textValue()).isEqualTo("handle.invalid");
        assertThat(json("/info/" + CAROL.did()).get("declaredHandle").textValue()).isEqualTo("carol.test");
    }

    @Test
    void handle_thatChanges_isSoonFoundAndFollowed() throws Exception {
        await().atMost(PATIENCE).until(() -> json("/autocomplete/da").get("handles").size() == 1);
        upstream.append(List.of(renamed(10, DAN, "daniel.test")));
        await().atMost(PATIENCE).until(() -> json("/autocomplete/daniel").get("handles").findValuesAsText("handle").contains("daniel.test"));
        assertThat(json("/autocomplete/dan.").get("handles")).isEmpty();
        JsonNode history = json("/history/" + DAN.did()).get("changes");
        assertThat(history.get(history.size() - 1).get("handle").toString())
                .isEqualTo("{\"was\":\"dan.test\",\"is\":\"daniel.test\"}");
        assertThat(json("/accounts?pastHandle=dan.test").get("accounts").get(0).get("until").isTextual()).isTrue();
        hosts.says("daniel.test", 200, DAN.did());
        JsonNode refreshed = json("/info/daniel.test?refresh=true");
        assertThat(refreshed.at("/handleCheck/result").textValue()).isEqualTo("valid");
    }
}
