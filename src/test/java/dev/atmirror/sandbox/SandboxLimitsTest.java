package dev.atmirror.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits of hosts: what clients are told, and which of their requests count as violations. */
class SandboxLimitsTest {
    private static final int LIMIT = 5;
    private static final String SERVER = "server.describeServer";

    // Hosts by the manner of their limit.
    private static final int HEADERS = 0;
    private static final int HEADERS_AND_RETRY = 3;
    private static final int RETRY_ONLY = 4;
    private static final int NOTHING = 5;

    private volatile Instant now = Instant.parse("2026-03-01T12:00:00.400Z");
    private Sandbox sandbox;
    private NetworkClient client;

    @BeforeEach
    void start() {
        NetworkSettings network = NetworkSettings.builder()
                .pds(6)
                .accounts(1)
                .rateLimit(LIMIT)
                .rateWindow(Duration.ofSeconds(60))
                .build();
        sandbox = Sandbox.start(
                SandboxSettings.builder().operations(0).rate(0).network(network).build(), () -> now);
        client = new NetworkClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private HttpResponse<String> ask(int host) throws Exception {
        return client.xrpc(host, SERVER);
    }

    private void useUp(int host) throws Exception {
        for (int i = 0; i < LIMIT; i++) {
            assertThat(ask(host).statusCode()).isEqualTo(200);
        }
    }

    private JsonNode counts(int host) throws Exception {
        return client.traffic().path("hosts").get(host);
    }

    @Test
    void headers_onEachAnswer_sayWhatIsLeftAndUntilWhen() throws Exception {
        HttpResponse<String> first = ask(HEADERS);
        assertThat(first.headers().firstValue("ratelimit-limit")).hasValue("5");
        assertThat(first.headers().firstValue("ratelimit-remaining")).hasValue("4");
        assertThat(first.headers().firstValue("ratelimit-policy")).hasValue("5;w=60");
        Instant reset = Instant.parse("2026-03-01T12:01:00Z");
        assertThat(first.headers().firstValue("ratelimit-reset")).hasValue(Long.toString(reset.getEpochSecond()));
        for (int i = 1; i < LIMIT; i++) {
            ask(HEADERS);
        }
        HttpResponse<String> refused = ask(HEADERS);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).isEqualTo("{\"error\":\"RateLimitExceeded\",\"message\":\"Rate Limit Exceeded\"}");
        assertThat(refused.headers().firstValue("ratelimit-remaining")).hasValue("0");
        assertThat(refused.headers().firstValue("retry-after")).isEmpty();
        now = reset;
        assertThat(ask(HEADERS).statusCode()).isEqualTo(200);
    }

    @Test
    void manners_ofOtherHosts_tellLessOrMore() throws Exception {
        for (int host : List.of(HEADERS_AND_RETRY, RETRY_ONLY, NOTHING)) {
            useUp(host);
        }
        HttpResponse<String> both = ask(HEADERS_AND_RETRY);
        assertThat(both.headers().map()).containsKeys("retry-after", "ratelimit-reset");
        HttpResponse<String> retry = ask(RETRY_ONLY);
        assertThat(retry.headers().firstValue("retry-after")).hasValue("60");
        assertThat(retry.headers().map()).doesNotContainKey("ratelimit-limit");
        HttpResponse<String> nothing = ask(NOTHING);
        assertThat(nothing.statusCode()).isEqualTo(429);
        assertThat(nothing.headers().map()).doesNotContainKeys("retry-after", "ratelimit-limit");
    }

    @Test
    void requests_afterAWarning_areViolations() throws Exception {
        useUp(HEADERS);
        assertThat(counts(HEADERS).path("violations").intValue()).isZero();
        ask(HEADERS);
        assertThat(counts(HEADERS).path("ignoredWarnings").intValue()).isEqualTo(1);
        useUp(RETRY_ONLY);
        ask(RETRY_ONLY); // The first one could not know.
        assertThat(counts(RETRY_ONLY).path("violations").intValue()).isZero();
        ask(RETRY_ONLY);
        assertThat(counts(RETRY_ONLY).path("violations").intValue()).isEqualTo(1);
        assertThat(client.traffic().path("total").path("violations").intValue()).isEqualTo(2);
    }

    @Test
    void requests_thatNobodyWarnedOf_areNoViolations() throws Exception {
        useUp(NOTHING);
        ask(NOTHING);
        ask(NOTHING);
        assertThat(counts(NOTHING).path("refused").intValue()).isEqualTo(2);
        assertThat(counts(NOTHING).path("violations").intValue()).isZero();
    }

    @Test
    void requests_atOnceAboveAStatedRate_areViolations() throws Exception {
        ask(HEADERS); // From now on the rate is known.
        now = now.plusSeconds(120);
        HttpClient http = HttpClient.newHttpClient();
        CompletableFuture<?>[] all = IntStream.range(0, LIMIT + 3)
                .mapToObj(i -> http.sendAsync(
                        client.request(HEADERS, "/xrpc/com.atproto." + SERVER).build(),
                        HttpResponse.BodyHandlers.ofString()))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(all).join();
        JsonNode counts = counts(HEADERS);
        assertThat(counts.path("refused").intValue()).isEqualTo(3);
        assertThat(counts.path("violations").intValue()).isEqualTo(3);
    }

    @Test
    void counts_ofAHost_areByMethodAndForgotten() throws Exception {
        ask(1);
        ask(1);
        client.xrpc(1, "sync.listRepos");
        await().untilAsserted(() -> {
            JsonNode counts = counts(1);
            assertThat(counts.path("requests").intValue()).isEqualTo(3);
            assertThat(counts.path("maxConcurrent").intValue()).isEqualTo(1);
            assertThat(counts.path("methods").path("com.atproto.server.describeServer").intValue()).isEqualTo(2);
        });
        assertThat(new SandboxClient(sandbox).post("/_sandbox/hosts/forget", "{}").statusCode()).isEqualTo(200);
        assertThat(counts(1).path("requests").intValue()).isZero();
    }
}
