package dev.atmirror.route;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * The HTTP server under Camel's REST routes: what is the same for every path (CORS, HEAD, compression, errors as JSON)
 * and the bounds on what strangers may send.
 */
public final class ApiServer implements AutoCloseable {
    private static final int MAX_URI = 48 * 1024; // 1,000 DIDs to follow
    private static final int MAX_HEADERS = 16 * 1024;
    private static final int MAX_BODY = 512 * 1024; // 1,000 handles at their longest
    private static final int IDLE_SECONDS = 60;
    private static final int COMPRESSION_LEVEL = 4; // half the size at a fraction of the highest level's time
    private static final int STOP_SECONDS = 10;
    private static final int FIRST = -1; // what is added without a number begins at 0
    private static final int BEFORE_ALL = -2;
    private static final String METHODS = "GET, HEAD, POST, OPTIONS";
    private static final String PREFLIGHT_SECONDS = "86400";
    private static final String HEAD_AS_GET = "headAsGet";
    private static final String JSON = "application/json; charset=utf-8";
    /** Camel's engine finds its router by this port, whatever port the server listens on. */
    private static final int ENGINE_PORT = 8080;

    private final Vertx vertx;
    private final Router router;
    private final HttpDate date;
    private HttpServer server;

    public ApiServer(Vertx vertx, InstantSource clock) {
        this.vertx = vertx;
        this.date = new HttpDate(clock);
        this.router = Router.router(vertx);
        router.route().order(BEFORE_ALL).handler(this::dated).handler(ApiServer::anyOrigin);
        // Before Camel's own, which would keep whatever strangers upload as files in the working directory.
        router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
        router.errorHandler(400, context -> error(context, 400, "bad request"));
        router.errorHandler(404, context -> error(context, 404, "not found: " + context.request().path()));
        router.errorHandler(405, context -> {
            context.response().putHeader("Allow", METHODS);
            error(context, 405, "method not allowed: " + context.request().method());
        });
        router.errorHandler(413, context -> error(context, 413, "more than " + MAX_BODY + " bytes"));
        router.errorHandler(500, context -> error(context, 500, "Internal Server Error"));
    }

    /** Caches reckon an answer's age from it (RFC 9110, section 6.6.1). */
    private void dated(RoutingContext context) {
        context.response().putHeader("Date", date.now());
        context.next();
    }

    /**
     * CORS as the reference directory has it: always, also without an {@code Origin}, since a cache may hand the answer
     * on to a browser. The response to HEAD is GET's without the body, which Vert.x leaves out by itself.
     *
     * <p>One handler for every method: a route for HEAD alone would match every path and make 405 of each 404.
     */
    private static void anyOrigin(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response().putHeader("Access-Control-Allow-Origin", "*");
        if (request.method().equals(HttpMethod.OPTIONS)) {
            String headers = request.getHeader("Access-Control-Request-Headers");
            if (headers != null) {
                response.putHeader("Access-Control-Allow-Headers", headers);
                response.putHeader("Vary", "Access-Control-Request-Headers");
            }
            response.putHeader("Access-Control-Allow-Methods", METHODS)
                    .putHeader("Access-Control-Max-Age", PREFLIGHT_SECONDS)
                    .putHeader("Allow", METHODS)
                    .setStatusCode(204)
                    .end();
            return;
        }
        response.putHeader("Access-Control-Expose-Headers", "ETag, Last-Modified, Retry-After, Accept-Ranges, Content-Range");
        if (request.method().equals(HttpMethod.HEAD) && context.get(HEAD_AS_GET) == null) {
            context.put(HEAD_AS_GET, true).reroute(HttpMethod.GET, request.uri());
            return;
        }
        context.next();
    }

    /** Whether the body is to be left out; the request itself says GET by now. */
    static boolean isHead(RoutingContext context) {
        return context.get(HEAD_AS_GET) != null;
    }

    private static void error(RoutingContext context, int status, String message) {
        error(context.response(), status, message);
    }

    private static void error(HttpServerResponse response, int status, String message) {
        if (!response.headWritten()) {
            response.setStatusCode(status)
                    .putHeader("Content-Type", JSON)
                    .end(new JsonObject().put("message", message).encode());
        }
    }

    /** What the parser refuses never reaches the router. */
    private void unreadable(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        HttpServerResponse response = request.response();
        response.putHeader("Date", date.now())
                .putHeader("Access-Control-Allow-Origin", "*")
                .putHeader("Connection", "close");
        if (cause instanceof TooLongHttpLineException) {
            error(response, 414, "an address of more than " + MAX_URI + " bytes");
        } else if (cause instanceof TooLongHttpHeaderException) {
            error(response, 431, "headers of more than " + MAX_HEADERS + " bytes");
        } else {
            error(response, 400, "bad request");
        }
    }

    /** Lets Camel's REST routes put their paths into this server. */
    public void serve(CamelContext context) {
        // The directory answers whatever Accept says; Camel would say 406, or try the next path that matches.
        context.getComponent("platform-http", PlatformHttpComponent.class).setServerRequestValidation(false);
        context.getRegistry()
                .bind(
                        VertxPlatformHttpRouter.getRouterNameFromPort(ENGINE_PORT),
                        new VertxPlatformHttpRouter(null, vertx, router, VertxPlatformHttpRouter.SERVER_TYPE_SERVER));
    }

    /** For WebSockets: in front of all that answers, since a request whose body was read, be it empty, can be none any more. */
    public void serveFirst(String path, Handler<RoutingContext> handler) {
        router.get(path).order(FIRST).handler(handler);
    }

    public Vertx vertx() {
        return vertx;
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
                    .invalidRequestHandler(this::unreadable)
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
