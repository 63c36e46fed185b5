package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.plc.RecordedLog;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/** A tiny directory that exports the recorded logs, page by page, once it is opened; before it answers 503. */
final class RecordedUpstream implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final List<ObjectNode> lines = RecordedLog.sequenced();
    private final HttpServer server;
    private volatile boolean open;

    RecordedUpstream() {
        server = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    void open() {
        open = true;
    }

    private void answer(HttpServerRequest request) {
        if (!open) {
            request.response().setStatusCode(503).end();
        } else if (!request.path().equals("/export")) {
            request.response().setStatusCode(404).end();
        } else {
            long after = Long.parseLong(request.getParam("after"));
            String page = lines.stream()
                    .filter(line -> line.get("seq").longValue() > after)
                    .limit(Long.parseLong(request.getParam("count")))
                    .map(ObjectNode::toString)
                    .collect(Collectors.joining("\n"));
            request.response().putHeader("Content-Type", "application/jsonlines").end(page);
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
