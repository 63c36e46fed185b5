package dev.atmirror.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes while the network runs, by order and by its own traffic: directory and hosts keep agreeing. */
class SandboxNetworkChangesTest {
    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private Sandbox sandbox;
    private NetworkClient client;
    private SandboxClient directory;

    @BeforeEach
    void start() {
        NetworkSettings network = NetworkSettings.builder().pds(3).accounts(30).rateLimit(0).build();
        SandboxSettings settings = SandboxSettings.builder()
                .operations(200)
                .rate(0)
                .requestLimit(0)
                .network(network)
                .build();
        sandbox = Sandbox.start(settings, () -> now);
        client = new NetworkClient(sandbox);
        directory = new SandboxClient(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private JsonNode order(String did, String order) throws Exception {
        HttpResponse<String> response =
                directory.post("/_sandbox/account", "{\"did\": \"" + did + "\", \"do\": " + order + "}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.parse(response.body());
    }

    private String outcome(int host, String did) throws Exception {
        return client.outcome(host, "repo.describeRepo?repo=" + did);
    }

    /** One that no traffic touches. */
    private String someone() throws Exception {
        return client.accounts(AccountKind.MANY_POSTS).findFirst().orElseThrow().path("did").asText();
    }

    @Test
    void takedown_thenRestore_isSeenInListAndRepo() throws Exception {
        String did = someone();
        assertThat(order(did, "\"takedown\"").path("repo").asText()).isEqualTo("takendown");
        assertThat(outcome(0, did)).isEqualTo("400 RepoTakendown");
        assertThat(client.list(0, 100).get(did).path("status").asText()).isEqualTo("takendown");
        assertThat(order(did, "\"restore\"").path("repo").asText()).isEqualTo("active");
        assertThat(outcome(0, did)).isEqualTo("200");
        order(did, "\"delete\"");
        assertThat(client.list(0, 100)).doesNotContainKey(did);
    }

    @Test
    void post_byOrder_changesCountRevisionAndHead() throws Exception {
        String did = someone();
        JsonNode before = client.list(0, 100).get(did);
        now = now.plusSeconds(60);
        assertThat(order(did, "\"post\", \"count\": 3").path("records").path(Records.POST).intValue()).isEqualTo(254);
        JsonNode after = client.list(0, 100).get(did);
        assertThat(after.path("rev").asText()).isGreaterThan(before.path("rev").asText());
        assertThat(after.path("head").asText()).isNotEqualTo(before.path("head").asText());
        JsonNode newest = client.json(0, "repo.listRecords?limit=1&collection=app.bsky.feed.post&repo=" + did);
        assertThat(newest.path("records").get(0).path("value").path("createdAt").asText())
                .isEqualTo("2026-03-01T12:01:00Z");
    }

    @Test
    void migrate_byOrder_takesTheRecordsAlong() throws Exception {
        String did = someone();
        order(did, "\"post\"");
        JsonNode account = order(did, "\"migrate\", \"to\": 2");
        assertThat(client.host(account)).isEqualTo(2);
        assertThat(account.path("records").path(Records.POST).intValue()).isEqualTo(252);
        assertThat(outcome(0, did)).isEqualTo("400 RepoDeactivated");
        assertThat(outcome(2, did)).isEqualTo("200");
        JsonNode document = directory.json("/" + did);
        assertThat(document.path("service").get(0).path("serviceEndpoint").asText())
                .isEqualTo(sandbox.hosts().get(2).toString());
        order(did, "\"migrate\", \"to\": 0");
        assertThat(outcome(0, did)).isEqualTo("200");
        assertThat(outcome(2, did)).isEqualTo("400 RepoDeactivated");
    }

    @Test
    void renameAndTombstone_byOrder_reachDirectoryAndHost() throws Exception {
        String did = someone();
        order(did, "\"rename\", \"handle\": \"new-name.pds1.test\"");
        JsonNode described = client.json(0, "repo.describeRepo?repo=" + did);
        assertThat(described.path("handle").asText()).isEqualTo("new-name.pds1.test");
        assertThat(described.path("handleIsCorrect").booleanValue()).isTrue();
        assertThat(order(did, "\"tombstone\"").path("repo").asText()).isEqualTo("tombstoned");
        assertThat(outcome(0, did)).isEqualTo("400 RepoNotFound");
    }

    @Test
    void newAccount_byOrder_livesAtItsHost() throws Exception {
        JsonNode account = Json.parse(directory.post("/_sandbox/accounts", "{\"host\": 1}").body());
        assertThat(client.host(account)).isEqualTo(1);
        assertThat(client.list(1, 100)).containsKey(account.path("did").asText());
        assertThat(directory.get("/" + account.path("did").asText()).statusCode()).isEqualTo(200);
    }

    @Test
    void host_stoppedAndStarted_hasTheSamePortAndData() throws Exception {
        Map<String, JsonNode> before = client.list(1, 100);
        assertThat(directory.post("/_sandbox/host", "{\"host\": 1, \"up\": false}").statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> client.list(1, 100)).isInstanceOf(ConnectException.class);
        assertThat(client.summary().path("hosts").get(1).path("repos").properties())
                .allMatch(field -> field.getKey().equals("unreachable"));
        assertThat(directory.post("/_sandbox/host", "{\"host\": 1, \"up\": true}").statusCode()).isEqualTo(200);
        assertThat(client.list(1, 100)).isEqualTo(before);
    }

    @Test
    void orders_withNonsense_are400() throws Exception {
        String did = someone();
        for (String order :
                List.of("\"explode\"", "\"migrate\", \"to\": 99", "\"post\", \"count\": -1", "\"rename\"")) {
            String body = "{\"did\": \"" + did + "\", \"do\": " + order + "}";
            assertThat(directory.post("/_sandbox/account", body).statusCode()).as(order).isEqualTo(400);
        }
        String stranger = "{\"did\": \"did:plc:aaaaaaaaaaaaaaaaaaaaaaaa\", \"do\": \"takedown\"}";
        assertThat(directory.post("/_sandbox/account", stranger).statusCode()).isEqualTo(400);
        assertThat(directory.post("/_sandbox/host", "{\"host\": 9, \"up\": true}").statusCode()).isEqualTo(400);
        assertThat(directory.post("/_sandbox/accounts", "{}").statusCode()).isEqualTo(400);
        assertThat(directory.get("/_sandbox/summary?host=77").statusCode()).isEqualTo(400);
    }

    @Test
    void traffic_afterAWhile_keepsDirectoryAndHostsConsistent() throws Exception {
        int posts = posts();
        for (int i = 0; i < 40; i++) {
            now = now.plusSeconds(5);
            sandbox.grow(10);
        }
        assertThat(posts()).isGreaterThan(posts);
        int active = 0;
        for (JsonNode account : client.summary().path("accounts")) {
            active += checked(account) ? 1 : 0;
        }
        assertThat(active).isGreaterThan(150);
    }

    /** Holds directory and host against what the summary says; whether the account is active. */
    private boolean checked(JsonNode account) throws Exception {
        String did = account.path("did").asText();
        HttpResponse<String> document = directory.get("/" + did);
        assertThat(document.statusCode()).isEqualTo(account.path("plc").asText().equals("active") ? 200 : 404);
        boolean active = account.path("repo").asText().equals("active");
        if (active) {
            assertThat(document.body()).contains(account.path("pds").asText(), account.path("handle").asText());
            assertThat(outcome(client.host(account), did)).isEqualTo("200");
            assertThat(account.path("listed").booleanValue()).as(account.toString()).isTrue();
        }
        return active;
    }

    private int posts() throws Exception {
        int posts = 0;
        for (JsonNode host : client.summary().path("hosts")) {
            posts += host.path("records").path(Records.POST).intValue();
        }
        return posts;
    }

    @Test
    void summary_ofOneHost_namesAllOfItsAccountsAndStrays() throws Exception {
        JsonNode whole = client.summary().path("hosts").get(1);
        JsonNode one = directory.json("/_sandbox/summary?host=1");
        assertThat(one.path("accounts")).hasSize(whole.path("named").intValue());
        assertThat(one.path("listed").intValue()).isEqualTo(client.list(1, 100).size());
        assertThat(one.path("listedButLivingElsewhere")).isNotEmpty();
    }
}
