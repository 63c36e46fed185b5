package dev.atmirror.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Hosts that are slow or dead, lie or break. */
class SandboxLiarsTest {
    private static final int PDS = 4; // two ordinary, one slow, one dead
    private static final int LIARS = 12;
    private static final Duration SLOWNESS = Duration.ofMillis(300);
    private static final String LIST = "sync.listRepos";

    private static Sandbox sandbox;
    private static NetworkClient client;

    @BeforeAll
    static void start() {
        NetworkSettings network = NetworkSettings.builder()
                .pds(PDS)
                .accounts(3)
                .deadPercent(25)
                .slowPercent(25)
                .slowness(SLOWNESS)
                .lying(LIARS)
                .build();
        sandbox = Sandbox.start(
                SandboxSettings.builder().operations(10).rate(0).network(network).build(), InstantSource.system());
        client = new NetworkClient(sandbox);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    private static int liar(HostKind kind) {
        return PDS + kind.ordinal() - HostKind.ENDLESS_LIST.ordinal();
    }

    private static String describe(int host) throws Exception {
        return "repo.describeRepo?repo=" + did(host);
    }

    private static String did(int host) throws Exception {
        for (JsonNode account : client.summary().path("accounts")) {
            if (client.host(account) == host) {
                return account.path("did").asText();
            }
        }
        throw new AssertionError("nobody lives at host " + host);
    }

    @Test
    void kinds_ofAllHosts_areAsAsked() throws Exception {
        Set<String> kinds = new HashSet<>();
        client.summary().path("hosts").forEach(host -> kinds.add(host.path("kind").asText()));
        assertThat(kinds).hasSize(HostKind.values().length);
    }

    @Test
    void slowHost_whateverIsAsked_answersLate() throws Exception {
        assertThatThrownBy(() -> HttpClient.newHttpClient().send(
                        client.request(2, "/xrpc/com.atproto.sync.listRepos").timeout(SLOWNESS.dividedBy(3)).build(),
                        HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);
        assertThat(client.list(2, 100)).isNotEmpty();
    }

    @Test
    void deadHost_atItsPort_refusesToConnect() throws Exception {
        assertThatThrownBy(() -> client.xrpc(3, LIST)).isInstanceOf(ConnectException.class);
        String dead = sandbox.hosts().get(3).toString();
        assertThat(sandbox.operations()).anyMatch(logged -> logged.operation().pds().orElse("").equals(dead));
    }

    @Test
    void endlessList_afterManyPages_hasNewReposAndANewCursor() throws Exception {
        Set<String> seen = new HashSet<>();
        String cursor = "";
        for (int page = 1; page <= 5; page++) {
            JsonNode answer = client.json(liar(HostKind.ENDLESS_LIST), LIST + "?limit=1000" + cursor);
            answer.path("repos").forEach(repo -> seen.add(repo.path("did").asText()));
            assertThat(seen).hasSize(page * 500);
            assertThat(seen.add(answer.path("cursor").asText())).isTrue();
            seen.remove(answer.path("cursor").asText());
            cursor = "&cursor=" + answer.path("cursor").asText();
        }
        assertThat(client.outcome(liar(HostKind.ENDLESS_LIST), describe(liar(HostKind.ENDLESS_LIST)))).isEqualTo("200");
    }

    @Test
    void manyCollections_ofOneRepo_areAHundredThousand() throws Exception {
        int host = liar(HostKind.MANY_COLLECTIONS);
        assertThat(client.json(host, describe(host)).path("collections")).hasSize(100_000);
    }

    @Test
    void hugeBody_whenNobodyStops_isHundredsOfMegabytes() throws Exception {
        HttpResponse<InputStream> response = HttpClient.newHttpClient().send(
                client.request(liar(HostKind.HUGE_BODY), "/xrpc/com.atproto.sync.listRepos").build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            assertThat(body.skip(20 << 20)).isEqualTo(20 << 20); // the rest would be the same
        }
    }

    @Test
    void brokenAnswers_ofEachKind_areNoAnswers() throws Exception {
        assertThat(client.xrpc(liar(HostKind.HTML), LIST).body()).startsWith("<!doctype html>");
        assertThatThrownBy(() -> client.json(liar(HostKind.TRUNCATED_JSON), LIST))
                .isInstanceOf(JsonProcessingException.class);
        assertThat(client.outcome(liar(HostKind.SERVER_ERROR), LIST)).isEqualTo("500 InternalServerError");
        assertThat(client.json(liar(HostKind.WRONG_TYPES), LIST).path("repos").get(0).isTextual()).isTrue();
    }

    @Test
    void redirects_ofLiars_leadInCirclesAndInside() throws Exception {
        HttpResponse<String> circle = client.xrpc(liar(HostKind.REDIRECT_CIRCLE), LIST);
        assertThat(circle.statusCode()).isEqualTo(302);
        assertThat(circle.headers().firstValue("location").orElseThrow())
                .isEqualTo(sandbox.hosts().get(liar(HostKind.REDIRECT_CIRCLE)) + "/xrpc/com.atproto.sync.listRepos?hop=1");
        assertThat(client.xrpc(liar(HostKind.REDIRECT_PRIVATE), LIST).headers().firstValue("location"))
                .hasValueSatisfying(location -> assertThat(location).startsWith("http://169.254."));
    }

    @Test
    void failsForOne_forItsFirstAccountOnly_is500() throws Exception {
        int host = liar(HostKind.FAILS_FOR_ONE);
        int failures = 0;
        for (String did : client.list(host, 100).keySet()) {
            failures += client.outcome(host, "repo.describeRepo?repo=" + did).startsWith("500") ? 1 : 0;
        }
        assertThat(failures).isEqualTo(1);
    }

    @Test
    void trickle_onceAnswering_neverEnds() throws Exception {
        HttpResponse<InputStream> response = HttpClient.newHttpClient().send(
                client.request(liar(HostKind.TRICKLE), "/xrpc/com.atproto.sync.listRepos").build(),
                HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            assertThat(body.readNBytes(13)).asString().isEqualTo("{\"cursor\":\"xx");
        }
        // The client has gone, and the host takes note: nothing is open any more.
        await().untilAsserted(() -> {
            sandbox.forgetTraffic();
            JsonNode trickle = client.traffic().path("hosts").get(liar(HostKind.TRICKLE));
            assertThat(trickle.path("maxConcurrent").intValue()).isZero();
        });
    }

    @Test
    void silentHost_whateverIsAsked_neverAnswers() {
        assertThatThrownBy(() -> HttpClient.newHttpClient().send(
                        client.request(liar(HostKind.SILENT), "/xrpc/com.atproto.sync.listRepos")
                                .timeout(Duration.ofMillis(300))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void answers_ofLiars_doNotHinderTheOthers() throws IOException, InterruptedException {
        assertThat(Json.parse(client.xrpc(0, LIST).body()).path("repos")).isNotEmpty();
    }
}
