package dev.atmirror.sandbox;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** The forms of answers that hosts give: JSON, and errors as {@code {"error": …, "message": …}}. */
final class XrpcAnswers {
    private static final int BAD_REQUEST = 400;

    private XrpcAnswers() {}

    static void json(HttpServerResponse response, String json) {
        body(response, 200, "application/json; charset=utf-8", json);
    }

    static void error(HttpServerResponse response, int status, String error, String message) {
        String json = new JsonObject().put("error", error).put("message", message).encode();
        body(response, status, "application/json; charset=utf-8", json);
    }

    static void invalid(HttpServerResponse response, String message) {
        error(response, BAD_REQUEST, "InvalidRequest", message);
    }

    static void body(HttpServerResponse response, int status, String type, String body) {
        if (!response.closed()) { // Who waited for a slow host may have gone.
            response.setStatusCode(status).putHeader("Content-Type", type).end(body);
        }
    }
}
