package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** What a client of a directory does, for tests. */
final class SandboxClient {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Sandbox sandbox;

    SandboxClient(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, Object json) throws IOException, InterruptedException {
        String body = json instanceof String text ? text : Json.write(json);
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(sandbox.uri().resolve(path)).timeout(PATIENCE);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        return Json.parse(response.body());
    }

    /** The lines of one page. */
    List<JsonNode> page(String query) throws IOException, InterruptedException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : get("/export" + query).body().split("\n")) {
            if (!line.isEmpty()) {
                lines.add(Json.parse(line));
            }
        }
        return lines;
    }

    Messages stream(String query) throws Exception {
        Messages messages = new Messages();
        messages.socket = http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + sandbox.port() + "/export/stream" + query), messages)
                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        messages.socket.request(1);
        return messages;
    }

    /** A stream as it comes in. */
    static final class Messages implements WebSocket.Listener {
        final List<String> texts = new CopyOnWriteArrayList<>();
        volatile String closed = "";
        WebSocket socket;
        private final StringBuilder partial = new StringBuilder();

        @Override
        public void onOpen(WebSocket webSocket) {
            // The first message is asked for by whoever opened it.
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                texts.add(partial.toString());
                partial.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closed = statusCode + " " + reason;
            return null;
        }

        List<Long> seqs() {
            return texts.stream()
                    .map(text -> {
                        try {
                            return Json.parse(text).get("seq").longValue();
                        } catch (IOException e) {
                            throw new AssertionError(text, e);
                        }
                    })
                    .toList();
        }
    }
}
