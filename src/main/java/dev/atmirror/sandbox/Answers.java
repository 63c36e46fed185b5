package dev.atmirror.sandbox;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** The few forms of answers that the directory gives. */
final class Answers {
    private static final String JSON = "application/json; charset=utf-8";

    private Answers() {}

    static void json(RoutingContext context, int status, String json) {
        body(context, status, JSON, json);
    }

    static void message(RoutingContext context, int status, String message) {
        json(context, status, new JsonObject().put("message", message).encode());
    }

    static void body(RoutingContext context, int status, String type, String body) {
        context.response().setStatusCode(status).putHeader("Content-Type", type).end(body);
    }
}
