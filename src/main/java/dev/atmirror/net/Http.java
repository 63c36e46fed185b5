package dev.atmirror.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Small questions over HTTP, bounded in time and size, redirects not followed. Pages of the log go through Camel instead. */
public final class Http {
    private static final int MAX_BODY = 1 << 20;

    private final HttpClient client;
    private final String userAgent;
    private final Duration timeout;

    public Http(String userAgent, Duration timeout) {
        this.userAgent = userAgent;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1) // the offer to upgrade disturbs some servers and brings nothing here
                .connectTimeout(timeout)
                .build();
    }

    /** A whole answer. */
    public record Text(int status, String body) {}

    /** @throws IOException also for a body of more than 1 MB */
    public Text get(URI uri) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(timeout).header("User-Agent", userAgent).build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                byte[] body = in.readNBytes(MAX_BODY + 1);
                if (body.length > MAX_BODY) {
                    throw new IOException("an answer of more than " + MAX_BODY + " bytes from " + uri);
                }
                return new Text(response.statusCode(), new String(body, StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
