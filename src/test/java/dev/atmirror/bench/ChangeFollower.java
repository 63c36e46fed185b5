package dev.atmirror.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Reads changes of a running mirror: page by page, by the stream from the beginning, and live. */
public final class ChangeFollower {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private ChangeFollower() {}

    /** @param arguments the mirror's port, and for how many seconds to do each */
    public static void main(String[] arguments) throws Exception {
        String address = "127.0.0.1:" + arguments[0];
        int seconds = Integer.parseInt(arguments[1]);
        pages(address, seconds);
        stream(address, seconds);
        live(address, seconds);
        System.exit(0); // The client's threads would go on.
    }

    /** Again from the beginning as often as there is time. */
    private static void pages(String address, int seconds) throws Exception {
        long begun = System.nanoTime();
        long end = begun + TimeUnit.SECONDS.toNanos(seconds);
        long changes = 0;
        String cursor = "0";
        while (System.nanoTime() < end) {
            List<String> lines = get(address, "limit=1000&cursor=" + cursor);
            changes += lines.size() - 1;
            cursor = lines.size() <= 1000 ? "0" : Json.parse(lines.get(lines.size() - 1)).get("cursor").textValue();
        }
        System.out.printf("pages: %.0f changes/s%n", changes * 1e9 / (System.nanoTime() - begun));
    }

    private static List<String> get(String address, String query) throws Exception {
        HttpRequest page = HttpRequest.newBuilder(URI.create("http://" + address + "/changes?" + query)).build();
        return HTTP.send(page, HttpResponse.BodyHandlers.ofLines()).body().toList();
    }

    private static void stream(String address, int seconds) throws Exception {
        AtomicLong changes = new AtomicLong();
        AtomicLong last = new AtomicLong();
        String end = Json.parse(get(address, "cursor=now").get(0)).get("cursor").textValue();
        long begun = System.nanoTime();
        WebSocket socket = follow(address, "?cursor=0", line -> {
            if (last.get() == 0) { // what comes live would only show the sandbox's pace
                changes.incrementAndGet();
                last.compareAndSet(0, line.get("cursor").textValue().equals(end) ? System.nanoTime() : 0);
            }
        });
        while (last.get() == 0 && System.nanoTime() < begun + TimeUnit.SECONDS.toNanos(seconds)) {
            Thread.sleep(100);
        }
        socket.abort();
        long finished = last.get() == 0 ? System.nanoTime() : last.get();
        System.out.printf("stream: %d changes, %.0f/s%n", changes.get(), changes.get() * 1e9 / (finished - begun));
    }

    private static void live(String address, int seconds) throws Exception {
        ConcurrentLinkedQueue<Long> lags = new ConcurrentLinkedQueue<>();
        WebSocket socket = follow(address, "", line -> {
            if (line.has("kinds")) {
                lags.add(Duration.between(Instant.parse(line.get("time").textValue()), Instant.now()).toMillis());
            }
        });
        Thread.sleep(Duration.ofSeconds(seconds).toMillis());
        socket.abort();
        long[] sorted = lags.stream().mapToLong(Long::longValue).sorted().toArray();
        if (sorted.length == 0) {
            System.out.println("live: nothing changed");
            return;
        }
        System.out.printf(
                "live: %d changes, behind the directory's time by median %d ms, p99 %d ms, at most %d ms%n",
                sorted.length,
                sorted[sorted.length / 2],
                sorted[(int) (sorted.length * 0.99)],
                Arrays.stream(sorted).max().getAsLong());
    }

    private interface Line {
        void take(JsonNode line);
    }

    private static WebSocket follow(String address, String query, Line line) {
        StringBuilder text = new StringBuilder();
        return HTTP.newWebSocketBuilder()
                .buildAsync(URI.create("ws://" + address + "/changes/stream" + query), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
                        text.append(part);
                        if (last) {
                            try {
                                line.take(Json.parse(text.toString()));
                            } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                                throw new IllegalStateException(e);
                            }
                            text.setLength(0);
                        }
                        socket.request(1);
                        return null;
                    }
                })
                .join();
    }
}
