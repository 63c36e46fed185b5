package dev.atmirror.realnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.Ops;
import dev.atmirror.testkit.SigningKey;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * An account that moves from one real PDS to another as the account migration guide of atproto.com describes, signing the
 * operation with a recovery key of its own.
 */
final class Mover {
    private static final String NAME = "latemover";
    private static final String PASSWORD = "mover-password";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    // A PDS hangs up on whoever asks for HTTP/2.
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final SigningKey recovery = SigningKey.k256(NAME);
    private final URI directory;
    private final URI from;
    private String did;
    private String token;

    Mover(URI directory, URI from) {
        this.directory = directory;
        this.from = from;
    }

    /** Opens the account and writes records. @return its DID */
    String settle(int posts) throws IOException, InterruptedException {
        JsonNode made = call(from, "com.atproto.server.createAccount", "", newAccount(from).put("recoveryKey", recovery.didKey()));
        did = made.get("did").textValue();
        token = made.get("accessJwt").textValue();
        for (int i = 0; i < posts; i++) {
            ObjectNode record = Json.MAPPER.createObjectNode().put("repo", did).put("collection", "app.bsky.feed.post");
            record.putObject("record").put("$type", "app.bsky.feed.post").put("text", "post " + i).put("createdAt", "2026-01-01T00:00:00Z");
            call(from, "com.atproto.repo.createRecord", token, record);
        }
        return did;
    }

    /** Moves it; the host left keeps a deactivated copy. */
    void move(URI to) throws IOException, InterruptedException {
        byte[] repo = send(from, "com.atproto.sync.getRepo?did=" + did, "", "GET", "application/json", BodyPublishers.noBody());
        String host = get(to, "com.atproto.server.describeServer", "").get("did").textValue();
        String service = get(
                        from,
                        "com.atproto.server.getServiceAuth?lxm=com.atproto.server.createAccount&aud="
                                + URLEncoder.encode(host, StandardCharsets.UTF_8),
                        token)
                .get("token")
                .textValue();
        String there = call(to, "com.atproto.server.createAccount", service, newAccount(to).put("did", did))
                .get("accessJwt")
                .textValue();
        send(to, "com.atproto.repo.importRepo", there, "POST", "application/vnd.ipld.car", BodyPublishers.ofByteArray(repo));
        point(get(to, "com.atproto.identity.getRecommendedDidCredentials", there));
        send(to, "com.atproto.server.activateAccount", there, "POST", "application/json", BodyPublishers.noBody());
        call(from, "com.atproto.server.deactivateAccount", token, Json.MAPPER.createObjectNode());
    }

    private void point(JsonNode wanted) throws IOException, InterruptedException {
        JsonNode last = Json.MAPPER.readTree(request(directory.resolve("/" + did + "/log/last"), "", "GET", "", BodyPublishers.noBody()));
        ObjectNode operation = wanted.deepCopy();
        operation.put("type", "plc_operation").put("prev", Ops.cid((ObjectNode) last));
        operation.withArray("/rotationKeys").insert(0, recovery.didKey());
        request(directory.resolve("/" + did), "", "POST", "application/json", body(Ops.sign(operation, recovery)));
    }

    private ObjectNode newAccount(URI host) throws IOException, InterruptedException {
        String domain = get(host, "com.atproto.server.describeServer", "")
                .get("availableUserDomains")
                .get(0)
                .textValue();
        return Json.MAPPER
                .createObjectNode()
                .put("email", NAME + "@example.com")
                .put("handle", NAME + domain)
                .put("password", PASSWORD);
    }

    private JsonNode get(URI host, String call, String bearer) throws IOException, InterruptedException {
        return Json.MAPPER.readTree(send(host, call, bearer, "GET", "", BodyPublishers.noBody()));
    }

    private JsonNode call(URI host, String call, String bearer, ObjectNode body) throws IOException, InterruptedException {
        return Json.MAPPER.readTree(send(host, call, bearer, "POST", "application/json", body(body)));
    }

    private static BodyPublisher body(ObjectNode json) {
        return BodyPublishers.ofString(Json.write(json));
    }

    private byte[] send(URI host, String call, String bearer, String method, String type, BodyPublisher body)
            throws IOException, InterruptedException {
        return request(host.resolve("/xrpc/" + call), bearer, method, type, body);
    }

    private byte[] request(URI address, String bearer, String method, String type, BodyPublisher body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(TIMEOUT);
        if (!bearer.isEmpty()) {
            request.header("Authorization", "Bearer " + bearer);
        }
        if (body.contentLength() > 0) {
            request.header("Content-Type", type);
        }
        HttpResponse<byte[]> answer = client.send(request.method(method, body).build(), BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(address + ": " + answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body();
    }
}
