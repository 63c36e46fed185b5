package dev.atmirror.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.DidDocument;
import dev.atmirror.identity.PlcOperation;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxExportTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z"));
    private static Sandbox sandbox;
    private static SandboxClient client;

    @BeforeAll
    static void start() {
        sandbox = Sandbox.start(
                SandboxSettings.builder().operations(1_234).rate(0).requestLimit(0).build(), CLOCK);
        client = new SandboxClient(sandbox);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 333})
    void export_bySequence_pagesToTheEndWithoutLoss(int count) throws Exception {
        List<Long> seqs = new ArrayList<>();
        long cursor = 0;
        for (List<JsonNode> page = client.page("?count=" + count + "&after=0"); !page.isEmpty(); ) {
            for (JsonNode line : page) {
                assertThat(line.path("type").asText()).isEqualTo("sequenced_op");
                assertThat(line.has("nullified")).isFalse();
                cursor = line.get("seq").longValue();
                seqs.add(cursor);
            }
            page = client.page("?count=" + count + "&after=" + cursor);
        }
        assertThat(seqs).isEqualTo(sandbox.operations().stream().map(SandboxOperation::seq).toList());
    }

    @Test
    void export_byTimeWithOverlap_pagesToTheEndWithoutLoss() throws Exception {
        Set<String> cids = new LinkedHashSet<>();
        List<JsonNode> page = client.page("?count=500");
        int before = -1;
        while (cids.size() > before) {
            before = cids.size();
            for (JsonNode line : page) {
                assertThat(line.has("seq")).isFalse();
                assertThat(line.path("nullified").isBoolean()).isTrue();
                cids.add(line.get("cid").textValue());
            }
            Instant last = Instant.parse(page.get(page.size() - 1).get("createdAt").textValue());
            page = client.page("?count=500&after=" + last.minusMillis(1));
        }
        assertThat(cids).hasSize(1_234);
        assertThat(client.page("")).anyMatch(line -> line.get("nullified").booleanValue());
    }

    @Test
    void export_ofAnyPage_hasTheFormOfTheReference() throws Exception {
        HttpResponse<String> page = client.get("/export?count=3&after=0");
        assertThat(page.headers().firstValue("content-type")).hasValue("application/jsonlines");
        assertThat(page.body().lines()).hasSize(3);
        assertThat(page.body()).doesNotEndWith("\n");
        assertThat(page.headers().firstValue("ratelimit-limit")).isEmpty();
        HttpResponse<String> empty = client.get("/export?after=" + sandbox.head());
        assertThat(empty.statusCode()).isEqualTo(200);
        assertThat(empty.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "count=0, Invalid count parameter",
        "count=-5, Invalid count parameter",
        "count=many, Invalid count parameter",
        "after=yesterday, Invalid after parameter",
        "after=2026-13-01, Invalid after parameter",
        "after=-1, Invalid after parameter"
    })
    void export_malformedParameter_is400(String query, String message) throws Exception {
        HttpResponse<String> response = client.get("/export?" + query);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).isEqualTo("{\"message\":\"" + message + "\"}");
    }

    @Test
    void export_hugeAfter_isAnEmptyPage() throws Exception {
        assertThat(client.get("/export?after=99999999999999999999999").body()).isEmpty();
    }

    @Test
    void export_withoutSequences_readsNumbersAsDates() throws Exception {
        SandboxSettings old = SandboxSettings.builder().operations(50).rate(0).sequences(false).build();
        try (Sandbox timestamps = Sandbox.start(old, CLOCK)) {
            SandboxClient reader = new SandboxClient(timestamps);
            assertThat(reader.page("?after=0")).hasSize(50).noneMatch(line -> line.has("seq"));
            assertThat(reader.page("?after=2027")).isEmpty();
            assertThat(reader.get("/export?after=1234567").statusCode()).isEqualTo(400);
            assertThat(reader.get("/export/stream").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void late_fiveMinutes_isLastBySequenceAndNotByTime() throws Exception {
        SandboxSettings settings = SandboxSettings.builder().operations(100).rate(0).build();
        try (Sandbox late = Sandbox.start(settings, CLOCK)) {
            SandboxClient reader = new SandboxClient(late);
            long before = late.head();
            Instant newest = late.operations().stream()
                    .map(SandboxOperation::createdAt)
                    .max(Instant::compareTo)
                    .orElseThrow();
            assertThat(reader.post("/_sandbox/late", "{\"seconds\": 300}").statusCode()).isEqualTo(200);
            List<JsonNode> page = reader.page("?after=" + before);
            assertThat(page).hasSize(1);
            assertThat(Instant.parse(page.get(0).get("createdAt").textValue()))
                    .isEqualTo(newest.minus(Duration.ofMinutes(5)));
            assertThat(reader.page("?after=" + newest)).isEmpty();
        }
    }

    @Test
    void lookups_ofALivingAccount_answerAsTheReference() throws Exception {
        SandboxOperation logged = sandbox.operations().stream()
                .filter(operation -> operation.valid() && operation.operation().prev().isPresent())
                .filter(operation -> operation.operation().kind() == PlcOperation.Kind.OPERATION)
                .reduce((first, second) -> second)
                .orElseThrow();
        String did = logged.did();
        JsonNode last = client.json("/" + did + "/log/last");
        assertThat(client.json("/" + did)).isEqualTo(DidDocument.of(did, PlcOperation.of(last)));
        assertThat(client.get("/" + did).headers().firstValue("content-type"))
                .hasValue("application/did+ld+json; charset=utf-8");
        assertThat(client.json("/" + did + "/data")).isEqualTo(PlcOperation.of(last).data(did));
        JsonNode log = client.json("/" + did + "/log");
        assertThat(log.get(log.size() - 1)).isEqualTo(last);
        JsonNode audit = client.json("/" + did + "/log/audit");
        assertThat(audit.get(0).path("cid").isTextual()).isTrue();
        assertThat(audit.size()).isGreaterThanOrEqualTo(log.size());
    }

    @Test
    void lookups_unknownOrDead_are404() throws Exception {
        String unknown = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
        assertThat(client.get("/" + unknown).body()).isEqualTo("{\"message\":\"DID not registered: " + unknown + "\"}");
        assertThat(client.get("/" + unknown + "/log/audit").statusCode()).isEqualTo(404);
        String dead = sandbox.operations().stream()
                .filter(operation -> operation.operation().kind() == PlcOperation.Kind.TOMBSTONE)
                .filter(operation -> !operation.nullified())
                .findFirst()
                .orElseThrow()
                .did();
        assertThat(client.get("/" + dead).statusCode()).isEqualTo(404);
        assertThat(client.get("/" + dead + "/data").body())
                .isEqualTo("{\"message\":\"DID not available: " + dead + "\"}");
        assertThat(client.json("/" + dead + "/log/last").path("type").asText()).isEqualTo("plc_tombstone");
    }

    @Test
    void head_ofAPage_hasNoBody() throws Exception {
        HttpResponse<String> response =
                client.send(client.request("/export").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void start_onATakenPort_saysSo() {
        SandboxSettings settings = SandboxSettings.builder().operations(1).port(sandbox.port()).build();
        assertThatThrownBy(() -> Sandbox.start(settings, CLOCK))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + sandbox.port());
    }

    @Test
    void health_always_hasAVersion() throws Exception {
        assertThat(client.json("/_health").path("version").isTextual()).isTrue();
    }
}
