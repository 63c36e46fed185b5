package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The paths under {@code /_sandbox} about hosts: what is true, what they were asked, and orders to change. */
final class NetworkControls {
    private static final int BAD_REQUEST = 400;
    private static final int MOST_POSTS = 10_000; // in one request, which the event loop waits for

    private final Network network;
    private final Directory directory;
    private final InstantSource clock;
    private final Vertx vertx;

    NetworkControls(Network network, Directory directory, InstantSource clock, Vertx vertx) {
        this.network = network;
        this.directory = directory;
        this.clock = clock;
        this.vertx = vertx;
    }

    void addTo(Router router) {
        router.get("/_sandbox/summary").handler(this::summary);
        router.get("/_sandbox/hosts").handler(context -> json(context, network.traffic()));
        router.post("/_sandbox/hosts/forget").handler(context -> {
            network.forgetTraffic();
            json(context, network.traffic());
        });
        router.post("/_sandbox/host").handler(this::host);
        router.post("/_sandbox/account").handler(this::account);
        router.post("/_sandbox/accounts").handler(this::accounts);
    }

    private static void json(RoutingContext context, JsonObject json) {
        Answers.json(context, 200, json.encode());
    }

    /** {@code ?host=3} for all accounts of one host; else all hosts. It takes a while, so another thread does it. */
    private void summary(RoutingContext context) {
        OptionalLong host = Query.leadingInteger(Query.single(context, "host").orElse(""));
        if (host.isPresent() && find(host.getAsLong()).isEmpty()) {
            Answers.message(context, BAD_REQUEST, "no such host");
            return;
        }
        vertx.executeBlocking(() -> {
                    Summary summary = new Summary(network);
                    return host.isPresent()
                            ? summary.of(find(host.getAsLong()).orElseThrow()).encode()
                            : summary.all().encode();
                })
                .onSuccess(json -> Answers.json(context, 200, json))
                .onFailure(context::fail);
    }

    private Optional<PdsHost> find(long host) {
        List<PdsHost> all = network.hosts().all();
        return host >= 0 && host < all.size() ? Optional.of(all.get((int) host)) : Optional.empty();
    }

    /** {@code {"host": 3, "up": false}}: stops a host, or starts it with the same data on the same port. */
    private void host(RoutingContext context) {
        Optional<JsonNode> body = Controls.body(context);
        if (body.isEmpty()) {
            return;
        }
        JsonNode up = body.get().path("up");
        Optional<PdsHost> host = find(body.get().path("host").asLong(-1));
        if (host.isEmpty() || !up.isBoolean()) {
            Answers.message(context, BAD_REQUEST, "host must be the index of one, and up true or false");
            return;
        }
        network.turn(host.get().index(), up.booleanValue())
                .onSuccess(turned -> json(context, new JsonObject().put("up", network.isUp(host.get().index()))))
                .onFailure(context::fail);
    }

    /** {@code {"did": …, "do": "takedown"}}: see {@link #obey} for what can be done. */
    private void account(RoutingContext context) {
        Optional<JsonNode> body = Controls.body(context);
        if (body.isEmpty()) {
            return;
        }
        String did = body.get().path("did").asText();
        if (obey(did, body.get())) {
            json(context, new Summary(network).account(network.hosts().resident(did).orElseThrow()));
        } else {
            Answers.message(context, BAD_REQUEST, "no such order, or it cannot be done with this account");
        }
    }

    /** {@code {"host": 3}}: a new account there, an ordinary host. */
    private void accounts(RoutingContext context) {
        Optional<JsonNode> body = Controls.body(context);
        if (body.isEmpty()) {
            return;
        }
        Optional<SandboxOperation> birth = directory.create(body.get().path("host").asInt(-1));
        if (birth.isPresent()) {
            json(context, new Summary(network).account(network.hosts().resident(birth.get().did()).orElseThrow()));
        } else {
            Answers.message(context, BAD_REQUEST, "host must be the index of an ordinary one");
        }
    }

    private boolean obey(String did, JsonNode order) {
        Hosts hosts = network.hosts();
        return switch (order.path("do").asText()) {
            case "takedown" -> hosts.stand(did, Standing.TAKENDOWN);
            case "suspend" -> hosts.stand(did, Standing.SUSPENDED);
            case "deactivate" -> hosts.stand(did, Standing.DEACTIVATED);
            case "restore" -> hosts.stand(did, Standing.ACTIVE);
            case "delete" -> hosts.stand(did, Standing.GONE);
            case "post" -> {
                int count = order.path("count").asInt(1);
                yield count > 0 && count <= MOST_POSTS && hosts.post(did, count, clock.instant());
            }
            case "migrate" -> directory.move(did, order.path("to").asInt(-1));
            case "rename" -> order.path("handle").isTextual() && directory.rename(did, order.path("handle").asText());
            case "tombstone" -> directory.tombstone(did);
            default -> false;
        };
    }
}
