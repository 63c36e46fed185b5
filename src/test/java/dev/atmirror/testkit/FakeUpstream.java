package dev.atmirror.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A PLC directory as far as a mirror sees it: both formats of {@code /export}, and the stream. What is asked can be
 * watched, and any answer can be made a bad one.
 */
public final class FakeUpstream implements AutoCloseable {
    /** What the cursors of this upstream are. */
    public enum Cursors {
        SEQUENCE,
        TIMESTAMP_ONLY
    }

    /** The end of a stream after so many messages; an empty reason drops the connection without a word. */
    public record StreamEnd(int after, String reason) {}

    private static final int WAIT_SECONDS = 10;
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final List<LogLine> lines = new ArrayList<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final Deque<StreamEnd> streamEnds = new ArrayDeque<>();
    private final List<String> queries = new ArrayList<>();
    private final Map<ServerWebSocket, Long> streams = new HashMap<>();
    private final Map<ServerWebSocket, StreamEnd> ends = new HashMap<>();
    private final Map<ServerWebSocket, ConnectionBase> connections = new HashMap<>();
    private final Map<LogLine, UnaryOperator<String>> damaged = new HashMap<>();
    private Cursors cursors = Cursors.SEQUENCE;
    private boolean streaming = true;
    private int largestPage = 1000;
    private long delayMillis;
    private int open;
    private int mostOpen;
    private int streamsOpened;

    public FakeUpstream(List<LogLine> log) {
        lines.addAll(log);
        server = vertx.createHttpServer()
                .requestHandler(this::answer);
        try {
            server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the fake upstream does not listen", e);
        }
    }

    public synchronized FakeUpstream with(Cursors kind) {
        cursors = kind;
        return this;
    }

    public synchronized FakeUpstream withoutStream() {
        streaming = false;
        return this;
    }

    public synchronized FakeUpstream withPagesOf(int size) {
        largestPage = size;
        return this;
    }

    public synchronized FakeUpstream slowedBy(long millis) {
        delayMillis = millis;
        return this;
    }

    /** Gives these lines so that they cannot be read, until {@link #repair}. @param damage what becomes of a line */
    public synchronized FakeUpstream damage(UnaryOperator<String> damage, LogLine... which) {
        for (LogLine line : which) {
            damaged.put(line, damage);
        }
        return this;
    }

    public synchronized void repair(LogLine... which) {
        List.of(which).forEach(damaged::remove);
    }

    private synchronized String shown(LogLine line, String text) {
        return damaged.getOrDefault(line, same -> same).apply(text);
    }

    /** The next requests for pages are answered so, one after the other. */
    public synchronized FakeUpstream misbehave(Fault... next) {
        faults.addAll(List.of(next));
        return this;
    }

    public synchronized FakeUpstream endStreams(StreamEnd... next) {
        streamEnds.addAll(List.of(next));
        return this;
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    public synchronized List<String> queries() {
        return List.copyOf(queries);
    }

    public synchronized int faultsLeft() {
        return faults.size();
    }

    /** Most requests that were ever under way at one time. */
    public synchronized int mostAtOnce() {
        return mostOpen;
    }

    public synchronized int streamsOpened() {
        return streamsOpened;
    }

    public synchronized int streamsOpen() {
        return streams.size();
    }

    /** Operations that come into being now; open streams tell of them. */
    public void append(List<LogLine> more) {
        List<ServerWebSocket> open;
        synchronized (this) {
            lines.addAll(more);
            open = List.copyOf(streams.keySet());
        }
        open.forEach(this::push);
    }

    /** Another log takes this one's place. */
    public synchronized void replace(List<LogLine> log) {
        lines.clear();
        lines.addAll(log);
    }

    private void answer(HttpServerRequest request) {
        if (request.path().equals("/export/stream") && streams()) {
            request.toWebSocket().onSuccess(socket -> follow(socket, (ConnectionBase) request.connection()));
            return;
        }
        if (!request.path().equals("/export")) {
            request.response().setStatusCode(404).end();
            return;
        }
        String after = request.getParam("after", "");
        int count = Math.min(Integer.parseInt(request.getParam("count", "10")), largest());
        Fault fault = begin(request.query());
        Runnable answer = () -> respond(request.response(), after, count, fault);
        long wait = delay();
        if (wait > 0) {
            vertx.setTimer(wait, timer -> answer.run());
        } else {
            answer.run();
        }
    }

    private synchronized int largest() {
        return largestPage;
    }

    private synchronized long delay() {
        return delayMillis;
    }

    private synchronized Fault begin(String query) {
        queries.add(query);
        mostOpen = Math.max(mostOpen, ++open);
        return faults.poll();
    }

    private void respond(HttpServerResponse response, String after, int count, Fault fault) {
        synchronized (this) {
            open--;
        }
        boolean integer = after.matches("\\d+");
        if (integer && knows() == Cursors.TIMESTAMP_ONLY) {
            response.setStatusCode(400).end("{\"message\":\"after must be a time\"}");
            return;
        }
        List<String> page = integer ? afterSeq(Long.parseLong(after), count) : afterTime(after, count);
        response.putHeader("Content-Type", "application/jsonlines");
        if (fault != null) {
            fault.answer(response, page);
        } else {
            response.end(String.join("\n", page));
        }
    }

    private synchronized Cursors knows() {
        return cursors;
    }

    private synchronized List<String> afterSeq(long seq, int count) {
        return bySeq().filter(line -> line.seq() > seq).limit(count).map(line -> shown(line, line.sequenced())).toList();
    }

    private Stream<LogLine> bySeq() {
        return lines.stream().sorted(Comparator.comparingLong(LogLine::seq));
    }

    private synchronized List<String> afterTime(String after, int count) {
        Instant time = after.isEmpty() ? Instant.EPOCH : Instant.parse(after);
        return lines.stream()
                .filter(line -> line.createdAt().isAfter(time))
                .sorted(Comparator.comparing(LogLine::createdAt).thenComparing(LogLine::cid))
                .limit(count)
                .map(line -> shown(line, line.legacy()))
                .toList();
    }

    private synchronized boolean streams() {
        return streaming;
    }

    private void follow(ServerWebSocket socket, ConnectionBase connection) {
        String cursor = socket.query() == null ? "0" : socket.query().replaceFirst(".*cursor=", "");
        synchronized (this) {
            streamsOpened++;
            streams.put(socket, Long.parseLong(cursor));
            StreamEnd end = streamEnds.poll();
            if (end != null) {
                ends.put(socket, end);
            }
            connections.put(socket, connection);
        }
        socket.closeHandler(closed -> forget(socket));
        push(socket);
    }

    private synchronized void forget(ServerWebSocket socket) {
        streams.remove(socket);
        ends.remove(socket);
        connections.remove(socket);
    }

    private synchronized void push(ServerWebSocket socket) {
        Long from = streams.get(socket);
        if (from == null) {
            return;
        }
        StreamEnd end = ends.get(socket);
        List<LogLine> news = bySeq().filter(line -> line.seq() > from)
                .limit(end == null ? Long.MAX_VALUE : end.after())
                .toList();
        news.forEach(line -> socket.writeTextMessage(shown(line, line.sequenced())));
        if (!news.isEmpty()) {
            streams.put(socket, news.get(news.size() - 1).seq());
        }
        if (end != null && news.size() >= end.after()) {
            ConnectionBase connection = connections.get(socket);
            forget(socket);
            if (end.reason().isEmpty()) {
                connection.channel().close(); // no closing handshake
            } else {
                socket.close((short) 1000, end.reason());
            }
        }
    }

    @Override
    public void close() {
        vertx.close();
    }
}
