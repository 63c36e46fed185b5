package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import java.util.stream.Stream;

/** What a crawler of hosts does, for tests. */
final class NetworkClient {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_PAGES = 400;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Sandbox sandbox;

    NetworkClient(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    HttpRequest.Builder request(int host, String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create(sandbox.hosts().get(host) + pathAndQuery)).timeout(PATIENCE);
    }

    HttpResponse<String> get(int host, String pathAndQuery) throws IOException, InterruptedException {
        return http.send(request(host, pathAndQuery).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> xrpc(int host, String methodAndQuery) throws IOException, InterruptedException {
        return get(host, "/xrpc/com.atproto." + methodAndQuery);
    }

    JsonNode json(int host, String methodAndQuery) throws IOException, InterruptedException {
        return Json.parse(xrpc(host, methodAndQuery).body());
    }

    JsonNode relay(String query) throws IOException, InterruptedException {
        URI uri = URI.create(sandbox.relay().orElseThrow() + "/xrpc/com.atproto.sync.listHosts" + query);
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
        return Json.parse(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    /** {@code 400 RepoTakendown}, or just {@code 200}. */
    String outcome(int host, String methodAndQuery) throws IOException, InterruptedException {
        HttpResponse<String> response = xrpc(host, methodAndQuery);
        return response.statusCode() == 200
                ? "200"
                : response.statusCode() + " " + Json.parse(response.body()).path("error").asText();
    }

    /** All repos of a host by DID, read until there is no cursor, or the one that was sent. */
    Map<String, JsonNode> list(int host, int limit) throws IOException, InterruptedException {
        Map<String, JsonNode> repos = new LinkedHashMap<>();
        String cursor = "";
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            JsonNode page = json(host, "sync.listRepos?limit=" + limit + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            page.path("repos").forEach(repo -> repos.put(repo.path("did").asText(), repo));
            String next = page.path("cursor").isTextual() ? page.path("cursor").asText() : "";
            if (next.isEmpty() || next.equals(cursor)) {
                return repos;
            }
            cursor = next;
        }
        throw new AssertionError("the list of host " + host + " does not end");
    }

    JsonNode summary() throws IOException {
        return Json.parse(sandbox.summary());
    }

    JsonNode traffic() throws IOException {
        return Json.parse(sandbox.traffic());
    }

    /** The accounts of a summary that were born as this kind. */
    Stream<JsonNode> accounts(AccountKind kind) throws IOException {
        return StreamSupport.stream(summary().path("accounts").spliterator(), false)
                .filter(account -> account.path("kind").asText().equals(kind.key()));
    }

    /** Index of the host that an account's document names. */
    int host(JsonNode account) {
        return sandbox.hosts().indexOf(URI.create(account.path("pds").asText()));
    }
}
