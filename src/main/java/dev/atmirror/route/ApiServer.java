package dev.atmirror.route;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * The HTTP server under Camel's REST routes: what is the same for every path (CORS, HEAD, compression, errors as JSON)
 * and the bounds on what strangers may send.
 */
public final class ApiServer implements AutoCloseable {
    private static final int MAX_URI = 8 * 1024;
    private static final int MAX_HEADERS = 16 * 1024;
    private static final int IDLE_SECONDS = 60;
    private static final int COMPRESSION_LEVEL = 4; // half the size at a fraction of the highest level's time
    private static final int STOP_SECONDS = 10;
    /** Camel's engine finds its router by this port, whatever port the server listens on. */
    private static final int ENGINE_PORT = 8080;

    private final Vertx vertx;
    private final Router router;
    private HttpServer server;

    public ApiServer(Vertx vertx) {
        this.vertx = vertx;
        this.router = Router.router(vertx);
        router.route().handler(CorsHandler.create()
                .addOrigin("*")
                .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.OPTIONS))
                .allowedHeaders(Set.of("Content-Type", "Accept", "If-None-Match", "If-Modified-Since"))
                .exposedHeaders(Set.of("ETag", "Last-Modified", "Retry-After"))
                .maxAgeSeconds(86_400));
        // The response to HEAD is GET's without the body, which Vert.x leaves out by itself.
        router.route().method(HttpMethod.HEAD).handler(context -> context.reroute(HttpMethod.GET, context.request().uri()));
        router.errorHandler(404, context -> error(context, 404, "not found: " + context.request().path()));
        router.errorHandler(405, context -> error(context, 405, "method not allowed: " + context.request().method()));
        router.errorHandler(406, context -> error(context, 406, "no answer in the media type asked for"));
        router.errorHandler(400, context -> error(context, 400, "bad request"));
        router.errorHandler(500, context -> error(context, 500, "Internal Server Error"));
    }

    private static void error(RoutingContext context, int status, String message) {
        if (!context.response().headWritten()) {
            context.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json; charset=utf-8")
                    .end(new JsonObject().put("message", message).encode());
        }
    }

    /** Lets Camel's REST routes put their paths into this server. */
    public void serve(CamelContext context) {
        context.getRegistry()
                .bind(
                        VertxPlatformHttpRouter.getRouterNameFromPort(ENGINE_PORT),
                        new VertxPlatformHttpRouter(null, vertx, router, VertxPlatformHttpRouter.SERVER_TYPE_SERVER));
    }

    public Router router() {
        return router;
    }

    /** Listens; returns the port, for settings that ask for any (0). */
    public int start(String host, int port) {
        HttpServerOptions options = new HttpServerOptions()
                .setCompressionSupported(true)
                .setCompressionLevel(COMPRESSION_LEVEL)
                .setMaxInitialLineLength(MAX_URI)
                .setMaxHeaderSize(MAX_HEADERS)
                .setIdleTimeout(IDLE_SECONDS)
                .setTcpFastOpen(false);
        try {
            server = vertx.createHttpServer(options)
                    .requestHandler(router)
                    .listen(port, host)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(STOP_SECONDS, TimeUnit.SECONDS);
            return server.actualPort();
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "cannot listen on " + host + ":" + port + ": " + e.getCause().getMessage(), e);
        } catch (TimeoutException | InterruptedException e) {
            throw new IllegalStateException("cannot listen on " + host + ":" + port, e);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            try {
                server.close().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException | InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
