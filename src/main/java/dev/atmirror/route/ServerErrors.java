package dev.atmirror.route;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Words the errors of the server itself, for requests that reach no route: a message, as the reference directory has it, and
 * under {@code /xrpc} the name that XRPC clients look for as well.
 */
final class ServerErrors {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String INVALID = "InvalidRequest";
    private static final Logger LOG = LoggerFactory.getLogger(ServerErrors.class);

    private final String methods;
    private final int maxUri;
    private final int maxHeaders;
    private final int maxBody;

    /** @param methods that are allowed; the others are the bounds in bytes */
    ServerErrors(String methods, int maxUri, int maxHeaders, int maxBody) {
        this.methods = methods;
        this.maxUri = maxUri;
        this.maxHeaders = maxHeaders;
        this.maxBody = maxBody;
    }

    void bind(Router router) {
        // What Vert.x calls 200 is a request that broke off; it has no answer, and without a handler it is logged as ours.
        router.errorHandler(200, context -> error(context, 400, "the request ended before its body did"));
        router.errorHandler(400, context -> error(context, 400, "bad request"));
        router.errorHandler(404, ServerErrors::notFound);
        router.errorHandler(405, context -> {
            context.response().putHeader("Allow", methods);
            error(context, 405, "method not allowed: " + context.request().method());
        });
        router.errorHandler(413, context -> error(context, 413, "more than " + maxBody + " bytes"));
        router.errorHandler(417, context -> error(context, 417, "the only expectation that is met is 100-continue"));
        router.errorHandler(500, ServerErrors::failed);
    }

    /** {@code path} as it was asked, since a tidied one would hide what is wrong with it. */
    static void notFound(RoutingContext context) {
        if (isXrpc(context.request().path())) {
            error(context, 400, "invalid xrpc path"); // as the reference server says it
        } else {
            error(context, 404, "not found: " + context.request().path());
        }
    }

    private static void failed(RoutingContext context) {
        LOG.error("{} {} failed: {}", context.request().method(), context.request().path(), String.valueOf(context.failure()));
        error(context, 500, "Internal Server Error");
    }

    static boolean isXrpc(String path) {
        return path != null && (path.equals("/xrpc") || path.startsWith("/xrpc/"));
    }

    /** Answers what the parser refuses, which never reaches the router, by the request's response. */
    void unreadable(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        HttpServerResponse response = request.response();
        if (cause instanceof TooLongHttpLineException) {
            write(response, 414, named("an address of more than " + maxUri + " bytes", INVALID));
        } else if (cause instanceof TooLongHttpHeaderException) {
            write(response, 431, named("headers of more than " + maxHeaders + " bytes", INVALID));
        } else {
            write(response, 400, named("bad request", INVALID));
        }
    }

    private static void error(RoutingContext context, int status, String message) {
        boolean xrpc = isXrpc(context.request().path());
        write(context.response(), status, xrpc ? named(message, name(status)) : new JsonObject().put("message", message));
    }

    /** The path of what cannot be read is not known, and a name does no harm to clients that want none. */
    private static JsonObject named(String message, String name) {
        return new JsonObject().put("message", message).put("error", name);
    }

    private static String name(int status) {
        return switch (status) {
            case 413 -> "PayloadTooLarge";
            case 500 -> "InternalServerError";
            default -> INVALID;
        };
    }

    private static void write(HttpServerResponse response, int status, JsonObject body) {
        if (!response.headWritten() && !response.closed()) {
            response.setStatusCode(status).putHeader("Content-Type", JSON).end(body.encode());
        }
    }
}
