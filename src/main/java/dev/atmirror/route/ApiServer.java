package dev.atmirror.route;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
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
    private static final String ENCODING = "Accept-Encoding";
    /** Headers that are lists and that some path reads. */
    private static final List<String> LISTS = List.of("If-None-Match", "Cache-Control", "Accept");
    private static final Pattern NO_CACHE = Pattern.compile("(?:^|,)\\s*no-cache\\s*(?:,|$)", Pattern.CASE_INSENSITIVE);
    /** Two slashes in a row, or a segment of one or two dots, plain or escaped; or XRPC without a method, which is no DID. */
    private static final Pattern NOWHERE =
            Pattern.compile("//|/(?:\\.|%2e){1,2}(?:/|$)|^/xrpc/?$", Pattern.CASE_INSENSITIVE);
    private static final Pattern FORM = Pattern.compile(
            "\\s*(?:multipart/form-data|application/x-www-form-urlencoded)", Pattern.CASE_INSENSITIVE);
    /** Camel's engine finds its router by this port, whatever port the server listens on. */
    private static final int ENGINE_PORT = 8080;

    private final Vertx vertx;
    private final Router router;
    private final HttpDate date;
    private final ServerErrors errors = new ServerErrors(METHODS, MAX_URI, MAX_HEADERS, MAX_BODY);
    private HttpServer server;

    public ApiServer(Vertx vertx, InstantSource clock) {
        this.vertx = vertx;
        this.date = new HttpDate(clock);
        this.router = Router.router(vertx);
        router.route()
                .order(BEFORE_ALL)
                .handler(this::dated)
                .handler(ApiServer::anyOrigin)
                .handler(ApiServer::asItIsAsked)
                .handler(ApiServer::withoutForms)
                .handler(ApiServer::headAsGet);
        // Before Camel's own, which would keep whatever strangers upload as files in the working directory.
        router.route().handler(BodyHandler.create(false).setBodyLimit(MAX_BODY));
        errors.bind(router);
    }

    /** Caches reckon an answer's age from it (RFC 9110, section 6.6.1). */
    private void dated(RoutingContext context) {
        context.response().putHeader("Date", date.now());
        context.next();
    }

    /**
     * CORS as the reference directory has it: always, also without an {@code Origin}, since a cache may hand the answer
     * on to a browser.
     */
    private static void anyOrigin(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response().putHeader("Access-Control-Allow-Origin", "*");
        if (request.method().equals(HttpMethod.OPTIONS)) {
            String headers = String.join(", ", request.headers().getAll("Access-Control-Request-Headers"));
            if (!headers.isEmpty()) {
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
        response.putHeader("Access-Control-Expose-Headers", "ETag, Last-Modified, Retry-After, Accept-Ranges, Content-Range")
                // A cache must not hand a compressed answer to a client that cannot read it.
                .putHeader("Vary", ENCODING);
        context.next();
    }

    /**
     * Refuses paths that the router would tidy before it looks for their route: the reference directory knows no
     * {@code //did} and no {@code /did/./data}. Joins the lines of a header that is a list (RFC 9110, section 5.3), and drops the
     * conditions of a client that will not have 304 (Express, which answers for the reference, does so for {@code no-cache}).
     */
    private static void asItIsAsked(RoutingContext context) {
        String path = context.request().path();
        if (path == null || !path.startsWith("/") || NOWHERE.matcher(path).find()) {
            ServerErrors.notFound(context);
            return;
        }
        MultiMap headers = context.request().headers();
        for (String name : LISTS) {
            List<String> lines = headers.getAll(name);
            if (lines.size() > 1) {
                headers.set(name, String.join(", ", lines));
            }
        }
        String wanted = headers.get("Cache-Control");
        if (wanted != null && NO_CACHE.matcher(wanted).find()) {
            headers.remove("If-None-Match").remove("If-Modified-Since");
        }
        context.next();
    }

    /**
     * The response to HEAD is GET's without the body, which the server leaves out by itself.
     *
     * <p>One handler for every method: a route for HEAD alone would match every path and make 405 of each 404.
     */
    private static void headAsGet(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (isHead(context)) {
            context.addHeadersEndHandler(now -> unknownLength(context));
        } else if (request.method().equals(HttpMethod.HEAD)) {
            String query = request.query() == null ? "" : "?" + request.query();
            context.put(HEAD_AS_GET, true).reroute(HttpMethod.GET, request.path() + query);
            return;
        }
        context.next();
    }

    /** How long a compressed body would be is not known before it is, and another length must not be said (RFC 9110, section 8.6). */
    private static void unknownLength(RoutingContext context) {
        MultiMap headers = context.response().headers();
        if (context.request().headers().contains(ENCODING) && !headers.contains("Content-Encoding")) {
            headers.remove("Content-Length");
        }
    }

    /**
     * No path takes a form, and reading one fails for GET and for whatever does not parse as one. As plain bytes, the JSON that
     * {@code curl -d} sends as a form is what it was meant to be.
     */
    private static void withoutForms(RoutingContext context) {
        String type = context.request().getHeader("Content-Type");
        if (type != null && FORM.matcher(type).lookingAt()) {
            context.request().headers().remove("Content-Type");
        }
        context.next();
    }

    /** Whether the body is to be left out; the request itself says GET by now. */
    static boolean isHead(RoutingContext context) {
        return context.get(HEAD_AS_GET) != null;
    }

    /** What the parser refuses never reaches the router. */
    private void unreadable(HttpServerRequest request) {
        request.response()
                .putHeader("Date", date.now())
                .putHeader("Access-Control-Allow-Origin", "*")
                .putHeader("Connection", "close");
        errors.unreadable(request);
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
                    .requestHandler(request -> router.handle(BodilessResponse.guard(request)))
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
