package dev.atmirror.sandbox;

import dev.atmirror.identity.Cid;
import dev.atmirror.identity.Did;
import dev.atmirror.identity.Json;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;

/** What hosts that lie or break do instead of answering. */
final class Lies {
    private static final int INVENTED_PAGE = 500;
    private static final int COLLECTIONS = 100_000;
    private static final long HUGE = 300L << 20; // bytes
    private static final int CHUNK = 64 << 10;
    private static final long DRIP_MILLIS = 200;
    private static final String PRIVATE = "http://169.254.169.254/latest/meta-data/";
    private static final String LIST_REPOS = "com.atproto.sync.listRepos";
    private static final String DESCRIBE_REPO = "com.atproto.repo.describeRepo";

    private final PdsHost host;
    private final Vertx vertx;

    Lies(PdsHost host, Vertx vertx) {
        this.host = host;
        this.vertx = vertx;
    }

    /** Whether this request is met with a lie; else the host answers it as any other would. */
    boolean tell(HttpServerRequest request, String method) {
        HttpServerResponse response = request.response();
        boolean lies = lies(request, method);
        if (lies) {
            switch (host.kind()) {
                case ENDLESS_LIST -> XrpcAnswers.json(response, inventedPage(request));
                case MANY_COLLECTIONS -> XrpcAnswers.json(response, manyCollections(request));
                case HUGE_BODY -> hugeBody(response);
                case HTML -> XrpcAnswers.body(
                        response, 200, "text/html; charset=utf-8", "<!doctype html><title>Just a moment…</title>\n");
                case TRUNCATED_JSON -> XrpcAnswers.json(response, "{\"cursor\":\"1\",\"repos\":[{\"did\":\"did:plc:");
                case REDIRECT_CIRCLE -> redirect(response, circle(request));
                case REDIRECT_PRIVATE -> redirect(response, PRIVATE);
                case SERVER_ERROR, FAILS_FOR_ONE ->
                    XrpcAnswers.error(response, 500, "InternalServerError", "Internal Server Error");
                case TRICKLE -> trickle(response);
                case WRONG_TYPES -> XrpcAnswers.json(response, """
                        {"did":5,"handle":[],"collections":"none","handleIsCorrect":"yes","cursor":{"next":1},
                        "availableUserDomains":{},"records":{"uri":1},
                        "repos":["did:plc:x",null,{"did":7,"head":false,"rev":{},"active":"no","status":[]},[]]}""");
                default -> { } // SILENT
            }
        }
        return lies;
    }

    private boolean lies(HttpServerRequest request, String method) {
        boolean repos = method.equals(LIST_REPOS);
        boolean repo = method.equals(DESCRIBE_REPO);
        return switch (host.kind()) {
            case ORDINARY, SLOW, DEAD, UNNAMED -> false;
            case ENDLESS_LIST -> repos;
            case MANY_COLLECTIONS -> repo;
            case HUGE_BODY -> repos || repo || method.equals("com.atproto.repo.listRecords");
            case FAILS_FOR_ONE -> request.getParam("repo") != null && host.failsFor(request.getParam("repo"));
            default -> true;
        };
    }

    private String inventedPage(HttpServerRequest request) {
        long page = request.getParam("cursor") == null
                ? 0
                : Query.leadingInteger(request.getParam("cursor")).orElse(0);
        StringBuilder json = new StringBuilder("{\"cursor\":\"").append(page + 1).append("\",\"repos\":[");
        for (int i = 0; i < INVENTED_PAGE; i++) {
            byte[] hash = Cid.sha256((host.index() + "/" + page + "/" + i).getBytes(StandardCharsets.UTF_8));
            json.append(i == 0 ? "" : ",").append("{\"did\":\"").append(Did.ofGenesis(hash));
            json.append("\",\"head\":\"").append(Cid.ofHash(hash)).append("\",\"rev\":\"");
            json.append(Tid.of(page, i)).append("\",\"active\":true}");
        }
        return json.append("]}").toString();
    }

    private static String manyCollections(HttpServerRequest request) {
        String repo = request.getParam("repo") == null ? "" : request.getParam("repo");
        StringBuilder json = new StringBuilder("{\"handle\":\"handle.invalid\",\"did\":").append(Json.write(repo));
        json.append(",\"didDoc\":{},\"handleIsCorrect\":true,\"collections\":[");
        for (int i = 0; i < COLLECTIONS; i++) {
            json.append(i == 0 ? "" : ",").append("\"com.example.invented.c").append(i).append('"');
        }
        return json.append("]}").toString();
    }

    private static void hugeBody(HttpServerResponse response) {
        response.putHeader("Content-Type", "application/json; charset=utf-8").setChunked(true);
        response.write("{\"repos\":[\"");
        pour(response, Buffer.buffer("x".repeat(CHUNK)), HUGE);
    }

    private static void pour(HttpServerResponse response, Buffer chunk, long left) {
        long rest = left;
        while (rest > 0 && !response.writeQueueFull() && !response.closed()) {
            response.write(chunk.copy());
            rest -= chunk.length();
        }
        long after = rest;
        if (rest <= 0 && !response.closed()) {
            response.end("\"]}");
        } else if (!response.closed()) {
            response.drainHandler(drained -> pour(response, chunk, after));
        }
    }

    private static void redirect(HttpServerResponse response, String location) {
        response.setStatusCode(302).putHeader("Location", location).end();
    }

    private String circle(HttpServerRequest request) {
        String hop = request.getParam("hop");
        return host.endpoint() + request.path() + "?hop=" + (hop == null || hop.equals("2") ? 1 : 2);
    }

    private void trickle(HttpServerResponse response) {
        response.putHeader("Content-Type", "application/json; charset=utf-8").setChunked(true);
        response.write("{\"cursor\":\"");
        vertx.setPeriodic(DRIP_MILLIS, timer -> {
            if (response.closed()) {
                vertx.cancelTimer(timer);
            } else {
                response.write("x");
            }
        });
    }
}
