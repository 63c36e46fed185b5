package dev.atmirror.sandbox;

import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;

/** The parameters of one request, read as the lexicons say. Refusals are worded as the reference host words them. */
final class XrpcQuery {
    private static final Pattern NSID =
            Pattern.compile("[a-zA-Z]([a-zA-Z0-9-]{0,62})(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,62}))+\\.[a-zA-Z][a-zA-Z0-9]{0,62}");

    private final HttpServerRequest request;
    private final String method;

    /** What is wrong with a parameter; the message goes to the client. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        private Refused(String message) {
            super(message, null, false, false);
        }
    }

    XrpcQuery(HttpServerRequest request, String method) {
        this.request = request;
        this.method = method;
    }

    private Refused refused(String complaint) {
        return new Refused("Invalid " + method + " params: " + complaint);
    }

    String optional(String name) {
        String value = request.getParam(name);
        return value == null ? "" : value;
    }

    String required(String name) throws Refused {
        String value = request.getParam(name);
        if (value == null) {
            throw refused("Missing required key \"" + name + "\"");
        }
        return value;
    }

    String did(String name) throws Refused {
        String value = required(name);
        if (!value.matches("did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]")) {
            throw refused("Invalid DID (got \"" + value + "\")");
        }
        return value;
    }

    /** A DID or a handle. */
    String identifier(String name) throws Refused {
        String value = required(name);
        if (!value.startsWith("did:") && !value.contains(".")) {
            throw refused("Invalid AT identifier (got \"" + value + "\")");
        }
        return value;
    }

    String nsid(String name) throws Refused {
        String value = required(name);
        if (!NSID.matcher(value).matches()) {
            throw refused("Invalid NSID (got \"" + value + "\")");
        }
        return value;
    }

    int limit(int usual, int most) throws Refused {
        String value = optional("limit");
        if (value.isEmpty()) {
            return usual;
        }
        if (!value.matches("-?\\d{1,9}")) {
            throw refused("Expected integer value type (got \"" + value + "\")");
        }
        int limit = Integer.parseInt(value);
        if (limit < 1) {
            throw refused("integer too small (minimum 1, got " + limit + ")");
        }
        if (limit > most) {
            throw refused("integer too big (maximum " + most + ", got " + limit + ")");
        }
        return limit;
    }
}
