package dev.atmirror.sandbox;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A relay, as far as it knows hosts: listHosts, with names among them that no crawler should follow. At the same port, since
 * names under {@code .test} lead nowhere, what the hosts of all handles say of them.
 */
final class RelayHosts implements Handler<HttpServerRequest> {
    private static final String METHOD = "com.atproto.sync.listHosts";
    private static final List<String> JUNK = List.of(
            "", " ", "localhost:notaport", "localhost:99999", "user:password@host.test", "http://host.test/path?query",
            "192.168.0.1", "169.254.169.254", "[::1]:80", "0x7f000001", "a b.test", "例え.test", "-.test", "..",
            "host.test\u0000", "x".repeat(300) + ".test", "'; drop table pds_hosts; --", "localhost");
    private static final String[] STATUS = {"active", "idle", "offline", "throttled", "banned", "someday"};

    private final Hosts hosts;
    private final HostCounts counts;

    RelayHosts(Hosts hosts, HostCounts counts) {
        this.hosts = hosts;
        this.counts = counts;
    }

    @Override
    public void handle(HttpServerRequest request) {
        HttpServerResponse response = request.response().putHeader("Access-Control-Allow-Origin", "*");
        if (request.path().equals("/xrpc/" + METHOD)) {
            counts.begin(METHOD);
            response.bodyEndHandler(sent -> counts.end());
            try {
                XrpcQuery query = new XrpcQuery(request, METHOD);
                long cursor = Query.leadingInteger(query.optional("cursor")).orElse(0);
                XrpcAnswers.json(response, page((int) Math.max(0, cursor), query.limit(200, 1_000)));
            } catch (XrpcQuery.Refused e) {
                XrpcAnswers.invalid(response, e.getMessage());
            }
        } else if (request.path().equals("/.well-known/atproto-did")) {
            String handle = request.authority() == null ? "" : request.authority().host();
            Optional<String> owner = hosts.ownerOf(handle);
            XrpcAnswers.body(response, owner.isPresent() ? 200 : 404, "text/plain; charset=utf-8", owner.orElse("User not found"));
        } else if (request.path().equals("/xrpc/_health")) {
            XrpcAnswers.json(response, "{\"status\":\"ok\"}");
        } else {
            XrpcAnswers.error(response, 404, "XRPCNotSupported", "XRPCNotSupported");
        }
    }

    private String page(int from, int limit) {
        List<JsonObject> all = all();
        List<JsonObject> page = all.subList(Math.min(from, all.size()), (int) Math.min(all.size(), (long) from + limit));
        JsonObject json = new JsonObject();
        if (from + page.size() < all.size()) {
            json.put("cursor", Integer.toString(from + page.size()));
        }
        return json.put("hosts", new JsonArray(page)).encode();
    }

    private List<JsonObject> all() {
        List<JsonObject> all = new ArrayList<>();
        for (PdsHost host : hosts.all()) {
            boolean dead = host.kind() == HostKind.DEAD;
            all.add(entry(host.name(), host.places(), dead ? "offline" : "active"));
        }
        for (int i = 0; i < JUNK.size(); i++) {
            all.add(entry(JUNK.get(i), i, STATUS[i % STATUS.length]));
        }
        for (int i = 0; i < all.size(); i++) {
            all.get(i).put("seq", 1_000_000L + 7 * i);
        }
        return all;
    }

    private static JsonObject entry(String hostname, int accounts, String status) {
        return new JsonObject().put("hostname", hostname).put("accountCount", accounts).put("status", status);
    }
}
