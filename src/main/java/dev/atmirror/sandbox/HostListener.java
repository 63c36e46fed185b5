package dev.atmirror.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

/** The port of one host, which can be closed and opened again. */
final class HostListener {
    private static final int MAX_QUERY = 16 * 1024;

    private final Vertx vertx;
    private final String address;
    private volatile int port;
    private HttpServer server;
    private volatile boolean up;
    private volatile Handler<HttpServerRequest> handler =
            request -> request.response().setStatusCode(503).end();

    /** @param port 0 for any free one */
    HostListener(Vertx vertx, String address, int port) {
        this.vertx = vertx;
        this.address = address;
        this.port = port;
    }

    /** Listens, on the same port as the last time. */
    synchronized Future<HostListener> open() {
        if (up) {
            return Future.succeededFuture(this);
        }
        up = true;
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setCompressionSupported(true)
                        .setMaxInitialLineLength(MAX_QUERY)
                        .setHttp2ClearTextEnabled(false)) // A cut connection must cut one request only.
                .requestHandler(request -> handler.handle(request));
        return server.listen(port, address)
                .map(listening -> {
                    port = listening.actualPort();
                    return this;
                })
                .recover(taken -> {
                    up = false;
                    return Future.failedFuture(
                            new IllegalStateException(address + ":" + port + ": " + taken.getMessage(), taken));
                });
    }

    /** Ends the open connections, too. */
    synchronized Future<Void> close() {
        up = false;
        return server == null ? Future.succeededFuture() : server.close();
    }

    void serve(Handler<HttpServerRequest> requests) {
        handler = requests;
    }

    int port() {
        return port;
    }

    boolean isUp() {
        return up;
    }
}
