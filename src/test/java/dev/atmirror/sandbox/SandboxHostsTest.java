package dev.atmirror.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Did;
import dev.atmirror.identity.Json;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Hosts that behave, as a crawler sees them, held against the sandbox's own summary. */
class SandboxHostsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final int HOSTS = 8; // one of each manner of paging
    private static final int ACCOUNTS = 60;
    private static final String POSTS = "&collection=app.bsky.feed.post";

    private static Sandbox sandbox;
    private static NetworkClient client;

    @BeforeAll
    static void start() {
        NetworkSettings network = NetworkSettings.builder()
                .pds(HOSTS)
                .accounts(ACCOUNTS)
                .rateLimit(0)
                .build();
        SandboxSettings settings = SandboxSettings.builder()
                .operations(400)
                .rate(0)
                .requestLimit(0)
                .network(network)
                .build();
        sandbox = Sandbox.start(settings, () -> NOW);
        client = new NetworkClient(sandbox);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    private static JsonNode special(AccountKind kind) throws Exception {
        return client.accounts(kind).findFirst().orElseThrow();
    }

    private static String describe(JsonNode account) throws Exception {
        return client.outcome(client.host(account), "repo.describeRepo?repo=" + account.path("did").asText());
    }

    @Test
    void listRepos_ofAllManners_givesEachListedRepoOnce() throws Exception {
        JsonNode summary = client.summary();
        for (JsonNode host : summary.path("hosts")) {
            int index = host.path("index").intValue();
            for (int limit : List.of(7, 60, 1_000)) {
                Map<String, JsonNode> repos = client.list(index, limit);
                assertThat(repos).as("host %d, limit %d", index, limit).hasSize(host.path("listed").intValue());
                assertThat(repos.keySet()).allMatch(Did::isPlc);
            }
        }
    }

    @Test
    void listRepos_ofEachManner_endsInItsOwnWay() throws Exception {
        Map<String, String> ends = new HashMap<>();
        for (JsonNode host : client.summary().path("hosts")) {
            int index = host.path("index").intValue();
            if (index < HOSTS) {
                ends.put(host.path("paging").asText(), lastPages(index));
            }
        }
        assertThat(ends)
                .containsEntry("reference", "repos with cursor, nothing")
                .containsEntry("ends-with-repos", "repos")
                .containsEntry("empty-pages", "repos with cursor, nothing with cursor, nothing")
                .containsEntry("repeats", "repos with cursor, repos with cursor")
                .containsEntry("bare", "repos")
                .containsEntry("empty-cursor", "repos with \"\"")
                .containsEntry("null-cursor", "repos with null");
        assertThat(ends.get("short-pages")).startsWith("repos with cursor, ").endsWith(", repos");
    }

    private static String lastPages(int host) throws Exception {
        List<String> pages = new ArrayList<>();
        String cursor = "";
        String next = "?";
        while (!next.isEmpty() && !next.equals(cursor)) {
            cursor = next.equals("?") ? "" : next;
            JsonNode page = client.json(host, "sync.listRepos?limit=1000" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            next = page.path("cursor").asText("");
            next = next.equals("null") ? "" : next;
            String kind = page.path("repos").isEmpty() ? "nothing" : "repos";
            String end = page.has("cursor") ? " with " + (next.isEmpty() ? page.get("cursor") : "cursor") : "";
            pages.add(kind + end);
        }
        return String.join(", ", pages);
    }

    @Test
    void listRepos_ofTheBareManner_hasNoStatus() throws Exception {
        int bare = Paging.BARE.ordinal();
        assertThat(client.list(bare, 1_000).values()).allMatch(repo -> repo.size() == 3);
        Set<String> statuses = new HashSet<>();
        client.list(0, 1_000).values().forEach(repo -> statuses.add(
                repo.path("active").asText() + " " + repo.path("status").asText()));
        assertThat(statuses)
                .contains("true ", "false ", "false takendown", "false suspended", "false deactivated", "false deleted",
                        "false desynchronized", "true throttled", "false quarantined");
    }

    @Test
    void describeRepo_ofEveryAccount_isAsTheSummarySays() throws Exception {
        Map<String, String> expected = Map.of(
                "active", "200",
                "takendown", "400 RepoTakendown",
                "suspended", "400 RepoSuspended",
                "deactivated", "400 RepoDeactivated",
                "deleted", "400 RepoNotFound");
        int asked = 0;
        for (JsonNode account : client.summary().path("accounts")) {
            String repo = account.path("repo").asText();
            if (expected.containsKey(repo)) {
                assertThat(describe(account)).as(account.toString()).isEqualTo(expected.get(repo));
                asked++;
            }
        }
        assertThat(asked).isGreaterThan(HOSTS * ACCOUNTS);
    }

    @Test
    void describeRepo_ofEachSpecialKind_answersItsError() throws Exception {
        assertThat(describe(special(AccountKind.QUARANTINED))).isEqualTo("400 InvalidRequest");
        assertThat(describe(special(AccountKind.UNKNOWN_TO_HOST))).isEqualTo("400 NotFound");
        assertThat(describe(special(AccountKind.DELETED_UNLISTED))).isEqualTo("400 RepoNotFound");
        assertThat(describe(special(AccountKind.MOVED_IN_DIRECTORY_ONLY))).isEqualTo("400 RepoNotFound");
        assertThat(describe(special(AccountKind.INACTIVE))).isEqualTo("400 RepoDeactivated");
        assertThat(describe(special(AccountKind.DESYNCHRONIZED))).isEqualTo("200");
        JsonNode disputed = special(AccountKind.HANDLE_DISPUTED);
        String query = "repo.describeRepo?repo=" + disputed.path("did").asText();
        JsonNode description = client.json(client.host(disputed), query);
        assertThat(description.path("handleIsCorrect").booleanValue()).isFalse();
        assertThat(description.path("didDoc").path("id").asText()).isEqualTo(disputed.path("did").asText());
    }

    @Test
    void accounts_thatMoved_areListedByBothHosts() throws Exception {
        JsonNode moved = special(AccountKind.MIGRATED);
        String did = moved.path("did").asText();
        int now = client.host(moved);
        int before = now == 0 ? HOSTS - 1 : now - 1;
        assertThat(client.list(before, 1_000).get(did).path("status").asText()).isEqualTo("deactivated");
        assertThat(client.list(now, 1_000)).containsKey(did);
        assertThat(describe(moved)).isEqualTo("200");
        assertThat(client.outcome(before, "repo.describeRepo?repo=" + did)).isEqualTo("400 RepoDeactivated");
    }

    @Test
    void accounts_thatOneSideForgot_areStillThereOnTheOther() throws Exception {
        String tombstoned = special(AccountKind.TOMBSTONED_YET_LISTED).path("did").asText();
        assertThat(client.list(0, 1_000).get(tombstoned).path("active").booleanValue()).isTrue();
        assertThat(new SandboxClient(sandbox).get("/" + tombstoned).statusCode()).isEqualTo(404);
        JsonNode unreachable = special(AccountKind.UNREACHABLE);
        assertThat(unreachable.path("repo").asText()).isEqualTo("unreachable");
        assertThat(client.host(unreachable)).isNegative();
        Map<String, JsonNode> strays = client.list(HOSTS, 1_000);
        assertThat(strays).isNotEmpty().doesNotContainKey(tombstoned);
    }

    @Test
    void listRecords_ofEachCollection_countsAsTheSummarySays() throws Exception {
        for (AccountKind kind : List.of(AccountKind.MANY_POSTS, AccountKind.EMPTY_REPO, AccountKind.MIGRATED)) {
            JsonNode account = special(kind);
            String repo = "repo=" + account.path("did").asText();
            JsonNode collections = client.json(client.host(account), "repo.describeRepo?" + repo).path("collections");
            Map<String, Integer> counts = new HashMap<>();
            for (JsonNode collection : collections) {
                counts.put(collection.asText(), records(client.host(account), repo, collection.asText(), "").size());
            }
            Map<String, Integer> expected = new HashMap<>();
            account.path("records").properties().forEach(field -> expected.put(field.getKey(), field.getValue().intValue()));
            assertThat(counts).as(kind.key()).isEqualTo(expected);
        }
    }

    private static List<String> records(int host, String repo, String collection, String more) throws Exception {
        List<String> keys = new ArrayList<>();
        String cursor = "";
        do {
            String query = "repo.listRecords?limit=100&" + repo + "&collection=" + collection + cursor + more;
            JsonNode page = client.json(host, query);
            page.path("records").forEach(record -> keys.add(record.path("uri").asText().replaceAll(".*/", "")));
            cursor = page.has("cursor") ? "&cursor=" + page.get("cursor").asText() : "";
        } while (!cursor.isEmpty());
        return keys;
    }

    @Test
    void listRecords_byDefault_isNewestFirst() throws Exception {
        String repo = "repo=" + special(AccountKind.MANY_POSTS).path("did").asText();
        int host = client.host(special(AccountKind.MANY_POSTS));
        List<String> keys = records(host, repo, Records.POST, "");
        assertThat(keys).hasSize(251).allMatch(key -> key.matches("[234567a-z]{13}")).doesNotHaveDuplicates();
        assertThat(keys).isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(records(host, repo, Records.POST, "&reverse=true")).isSorted().hasSize(251);
        assertThat(client.json(host, "repo.listRecords?" + repo + POSTS).path("records")).hasSize(50);
    }

    @Test
    void listRecords_ofOddRecords_holdsWhatDatabasesRefuse() throws Exception {
        JsonNode odd = special(AccountKind.ODD_RECORDS);
        String query = "repo.listRecords?collection=com.example.sandbox.note&repo=" + odd.path("did").asText();
        String body = client.xrpc(client.host(odd), query).body();
        assertThat(body).contains("\\u0000", "\\ud800", "1e400", "1e200000", "[".repeat(500), "\"twice\":1,\"twice\":2");
    }

    @Test
    void requests_outOfBounds_areRefusedAsByTheReference() throws Exception {
        HttpResponse<String> tooMany = client.xrpc(0, "sync.listRepos?limit=2000");
        assertThat(tooMany.statusCode()).isEqualTo(400);
        assertThat(tooMany.body())
                .isEqualTo("{\"error\":\"InvalidRequest\",\"message\":\"Invalid com.atproto.sync.listRepos params:"
                        + " integer too big (maximum 1000, got 2000)\"}");
        assertThat(client.xrpc(0, "sync.listRepos?cursor=xyz").body()).contains("Malformed cursor");
        assertThat(client.outcome(0, "repo.describeRepo")).isEqualTo("400 InvalidRequest");
        assertThat(client.outcome(0, "repo.describeRepo?repo=nonsense")).isEqualTo("400 InvalidRequest");
        assertThat(client.outcome(0, "repo.listRecords?repo=did:plc:x&collection=xx")).isEqualTo("400 InvalidRequest");
        assertThat(client.outcome(0, "sync.getBlob")).isEqualTo("404 XRPCNotSupported");
    }

    @Test
    void describeServer_ofAHost_namesItsDomain() throws Exception {
        JsonNode server = client.json(1, "server.describeServer");
        assertThat(server.path("availableUserDomains").get(0).asText()).isEqualTo(".pds2.test");
        assertThat(server.path("did").asText()).isEqualTo("did:web:localhost%3A" + sandbox.hosts().get(1).getPort());
        assertThat(client.get(0, "/xrpc/_health").body()).contains("version");
    }

    @Test
    void handles_ofAHost_resolveThere() throws Exception {
        JsonNode account = special(AccountKind.HANDLE_CHANGED);
        String handle = account.path("handle").asText();
        String did = account.path("did").asText();
        int host = client.host(account);
        assertThat(handle).startsWith("renamed-");
        assertThat(client.json(host, "identity.resolveHandle?handle=" + handle).path("did").asText()).isEqualTo(did);
        assertThat(client.outcome(host, "identity.resolveHandle?handle=nobody.test")).isEqualTo("400 InvalidRequest");
        assertThat(client.outcome(host, "repo.describeRepo?repo=" + handle)).isEqualTo("200");
        assertThat(wellKnown(sandbox.hosts().get(host).getPort(), handle)).startsWith("HTTP/1.1 200 OK").endsWith(did);
    }

    @Test
    void handles_ofAllHosts_areAnsweredForByTheRelay() throws Exception {
        int relay = sandbox.relay().orElseThrow().getPort();
        JsonNode changed = special(AccountKind.HANDLE_CHANGED);
        assertThat(wellKnown(relay, changed.path("handle").asText())).endsWith(changed.path("did").asText());
        assertThat(wellKnown(relay, special(AccountKind.HANDLE_ELSEWHERE).path("handle").asText())).endsWith("did:web:elsewhere.test");
        for (AccountKind none : List.of(AccountKind.HANDLE_DISPUTED, AccountKind.TAKENDOWN)) {
            assertThat(wellKnown(relay, special(none).path("handle").asText())).startsWith("HTTP/1.1 404");
        }
        assertThat(wellKnown(relay, "nobody.test")).startsWith("HTTP/1.1 404");
    }

    private static String wellKnown(int port, String handle) throws java.io.IOException {
        String request = "GET /.well-known/atproto-did HTTP/1.1\r\nHost: " + handle + "\r\nConnection: close\r\n\r\n";
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(request.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes());
        }
    }

    @Test
    void getRepoStatus_ofATakenDownRepo_saysSo() throws Exception {
        JsonNode account = special(AccountKind.TAKENDOWN);
        JsonNode status = client.json(client.host(account), "sync.getRepoStatus?did=" + account.path("did").asText());
        assertThat(status).isEqualTo(Json.parse("{\"did\":\"" + account.path("did").asText()
                + "\",\"active\":false,\"status\":\"takendown\"}"));
    }

    @Test
    void listHosts_ofTheRelay_namesAllHostsAndJunk() throws Exception {
        List<String> names = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = client.relay("?limit=5" + cursor);
            page.path("hosts").forEach(host -> names.add(host.path("hostname").asText()));
            cursor = page.has("cursor") ? "&cursor=" + page.get("cursor").asText() : "";
        } while (!cursor.isEmpty());
        List<String> hosts = sandbox.hosts().stream().map(uri -> "localhost:" + uri.getPort()).toList();
        assertThat(names).containsAll(hosts).contains("", "169.254.169.254", "a b.test");
        assertThat(sandbox.operations()).noneMatch(operation ->
                operation.operation().pds().orElse("").endsWith(":" + sandbox.hosts().get(HOSTS).getPort()));
    }
}
