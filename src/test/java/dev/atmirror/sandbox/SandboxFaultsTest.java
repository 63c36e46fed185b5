package dev.atmirror.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.atmirror.plc.ExportLines;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxFaultsTest {
    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private Sandbox sandbox;
    private SandboxClient client;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(
                SandboxSettings.builder().operations(100).rate(0).requestLimit(30).build(), () -> now);
        client = new SandboxClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private void fault(Fault fault) {
        sandbox.faults(Map.of(fault, 1));
    }

    private ExportLines page() throws Exception {
        HttpResponse<String> response = client.get("/export?after=0");
        assertThat(response.statusCode()).isEqualTo(200);
        return ExportLines.read(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private void assertWell() throws Exception {
        assertThat(sandbox.faults()).isEmpty();
        ExportLines page = page();
        assertThat(page.operations()).hasSize(100);
        assertThat(page.lines()).isEqualTo(100);
    }

    @Test
    void serverError_twice_passesAfterTwoRequests() throws Exception {
        assertThat(client.post("/_sandbox/faults", "{\"serverError\": 2}").statusCode()).isEqualTo(200);
        assertThat(client.get("/export").statusCode()).isEqualTo(500);
        assertThat(client.get("/did:plc:x").body()).isEqualTo("{\"message\":\"Internal Server Error\"}");
        assertWell();
    }

    @Test
    void tooManyRequests_once_saysWhenToComeBack() throws Exception {
        fault(Fault.TOO_MANY_REQUESTS);
        HttpResponse<String> response = client.get("/export");
        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("retry-after")).hasValue("1");
        assertWell();
    }

    @Test
    void html_once_hasStatus200() throws Exception {
        fault(Fault.HTML);
        HttpResponse<String> response = client.get("/export");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
        assertThat(response.body()).startsWith("<");
        assertWell();
    }

    @Test
    void stall_once_neverAnswers() throws Exception {
        fault(Fault.STALL);
        assertThatThrownBy(() -> client.send(client.request("/export").timeout(Duration.ofMillis(300))))
                .isInstanceOf(HttpTimeoutException.class);
        assertWell();
    }

    @Test
    void cutBody_once_endsTheConnection() throws Exception {
        fault(Fault.CUT_BODY);
        assertThatThrownBy(() -> client.get("/export")).isInstanceOf(IOException.class);
        assertWell();
    }

    @Test
    void truncatedLine_once_endsWellInTheMiddleOfALine() throws Exception {
        fault(Fault.TRUNCATED_LINE);
        ExportLines page = page();
        assertThat(page.lastLineBroken()).isTrue();
        assertThat(page.operations()).hasSize(99);
        assertWell();
    }

    @Test
    void extraLines_ofAllKinds_loseNoOperation() throws Exception {
        sandbox.faults(Map.of(
                Fault.BLANK_LINES, 1, Fault.DUPLICATE_LINES, 1, Fault.UNKNOWN_TYPE, 1, Fault.NOT_JSON, 1));
        ExportLines page = page();
        assertThat(page.operations()).hasSize(110);
        assertThat(page.blank()).isGreaterThan(10);
        assertThat(page.unknownTypes()).isEqualTo(1);
        assertThat(page.unparsable()).hasSize(1);
        assertThat(page.lastLineBroken()).isFalse();
        assertWell();
    }

    @Test
    void pageFault_onAnEmptyPage_waitsForAFullOne() throws Exception {
        fault(Fault.NOT_JSON);
        assertThat(client.get("/export?after=" + sandbox.head()).body()).isEmpty();
        assertThat(page().unparsable()).hasSize(1);
    }

    @Test
    void faults_fromTheSettings_happenFirst() throws Exception {
        SandboxSettings settings = SandboxSettings.builder()
                .operations(1)
                .rate(0)
                .faults(Map.of(Fault.SERVER_ERROR, 1))
                .build();
        try (Sandbox faulty = Sandbox.start(settings, () -> now)) {
            assertThat(new SandboxClient(faulty).get("/export").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void closeStreams_withAReason_closesTheOpenOnes() throws Exception {
        SandboxClient.Messages messages = client.stream("");
        await().until(() -> sandbox.streams() == 1);
        client.post("/_sandbox/faults", "{\"closeStreams\": \"ConsumerTooSlow\"}");
        await().until(() -> messages.closed.equals("1000 ConsumerTooSlow"));
    }

    @Test
    void controls_withNonsense_are400() throws Exception {
        assertThat(client.post("/_sandbox/faults", "{\"earthquake\": 1}").statusCode()).isEqualTo(400);
        assertThat(client.post("/_sandbox/faults", "{\"stall\": \"yes\"}").statusCode()).isEqualTo(400);
        assertThat(client.post("/_sandbox/faults", "oops").statusCode()).isEqualTo(400);
        assertThat(client.post("/_sandbox/late", "{}").statusCode()).isEqualTo(400);
        assertThat(client.post("/_sandbox/grow", "{\"operations\": 5}").statusCode()).isEqualTo(200);
        assertThat(client.json("/_sandbox").path("operations").intValue()).isEqualTo(105);
    }

    @Test
    void limit_whenUsedUp_is429UntilTheWindowEnds() throws Exception {
        for (int left = 29; left >= 0; left--) {
            HttpResponse<String> response = client.get("/export?count=1");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("ratelimit-remaining")).hasValue(Integer.toString(left));
        }
        HttpResponse<String> refused = client.get("/export");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).hasValue("300");
        assertThat(refused.headers().firstValue("ratelimit-policy")).hasValue("30;w=300");
        assertThat(refused.headers().firstValue("ratelimit-reset"))
                .hasValue(Long.toString(now.plusSeconds(300).getEpochSecond()));
        now = now.plusSeconds(300);
        assertThat(client.get("/export").statusCode()).isEqualTo(200);
    }
}
