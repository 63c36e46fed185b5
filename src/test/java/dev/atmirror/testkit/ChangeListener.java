package dev.atmirror.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A follower of {@code /changes/stream} who keeps all that comes. */
public final class ChangeListener implements WebSocket.Listener, AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final List<JsonNode> lines = new CopyOnWriteArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private volatile String closed = "";
    private WebSocket socket;

    /** @param address as HTTP */
    public static ChangeListener of(URI address) throws Exception {
        ChangeListener listener = new ChangeListener();
        listener.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws" + address.toString().substring("http".length())), listener)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return listener;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            try {
                lines.add(Json.parse(text.toString()));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed = code + " " + reason;
        return null;
    }

    /** All messages. */
    public List<JsonNode> lines() {
        return lines;
    }

    /** Those that only say how far it is left out. */
    public List<JsonNode> changes() {
        return lines.stream().filter(line -> line.has("kinds")).toList();
    }

    /** Code and reason; empty while it is open. */
    public String closed() {
        return closed;
    }

    public boolean isOpen() {
        return !socket.isInputClosed();
    }

    @Override
    public void close() {
        socket.abort();
    }
}
