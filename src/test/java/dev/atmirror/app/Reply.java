package dev.atmirror.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** What a server answered. */
public record Reply(int status, HttpResponse<byte[]> response) {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    public static Reply get(URI address, String... headers) {
        return to("GET", address, headers);
    }

    /** @param headers names and values in turn */
    public static Reply to(String method, URI address, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).method(method, BodyPublishers.noBody()).timeout(TIMEOUT);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    /** @param headers names and values in turn */
    public static Reply post(URI address, String type, byte[] body, String... headers) {
        return of("POST", address, type, body, headers);
    }

    /** @param headers names and values in turn */
    public static Reply of(String method, URI address, String type, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofByteArray(body))
                .timeout(TIMEOUT);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    private static Reply send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = CLIENT.send(request, BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response);
        } catch (IOException e) {
            throw new IllegalStateException(request.method() + " " + request.uri() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    /** The media type with its parameters, or an empty text. */
    public String type() {
        return header("Content-Type").orElse("");
    }

    public byte[] body() {
        return response.body();
    }

    public JsonNode json() {
        String text = new String(body(), StandardCharsets.UTF_8);
        try {
            return Json.parse(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON: " + text, e);
        }
    }
}
