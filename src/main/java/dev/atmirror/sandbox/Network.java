package dev.atmirror.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The hosts and the relay beside the directory: their ports, what they were asked, and who of them is up. */
final class Network {
    private final Vertx vertx;
    private final SandboxSettings settings;
    private final NetworkSettings network;
    private final InstantSource clock;
    private final List<HostListener> listeners;
    private final List<HostCounts> counts;
    private final HostListener relay;
    private final Hosts hosts;

    private Network(Vertx vertx, SandboxSettings settings, InstantSource clock) {
        this.vertx = vertx;
        this.settings = settings;
        this.network = settings.network();
        this.clock = clock;
        int count = network.pds() == 0 ? 0 : network.pds() + network.lying() + 1;
        this.listeners = IntStream.range(0, count)
                .mapToObj(i -> new HostListener(
                        vertx, settings.host(), network.pdsPort() == 0 ? 0 : network.pdsPort() + i))
                .toList();
        this.counts = listeners.stream().map(listener -> new HostCounts()).toList();
        this.relay = new HostListener(vertx, settings.host(), network.relayPort());
        this.hosts = listeners.isEmpty() ? Hosts.NONE : open();
    }

    /**
     * Takes the ports and signs the hosts' first accounts; {@link #serve} must follow.
     *
     * @throws IllegalStateException when a port is taken
     */
    static Network open(Vertx vertx, SandboxSettings settings, InstantSource clock) {
        return new Network(vertx, settings, clock);
    }

    private Hosts open() {
        List<HostListener> all = new ArrayList<>(listeners);
        all.add(relay);
        SandboxServer.await(Future.all(all.stream().map(HostListener::open).toList()), "a host or the relay cannot listen");
        List<String> endpoints = listeners.stream()
                .map(listener -> "http://localhost:" + listener.port())
                .toList();
        int bulkHosts = endpoints.size() - 1; // not the unnamed one
        Instant end = clock.instant().minus(settings.span()).minus(Directory.INTERLUDE.multipliedBy(2));
        BulkAccounts bulk = new BulkAccounts(
                settings.seed(),
                new HostKeys(settings.seed(), bulkHosts),
                endpoints.subList(0, bulkHosts),
                network.accounts(),
                end);
        return new Hosts(settings.seed(), network, endpoints, bulk);
    }

    /** Begins to answer; the dead hosts' ports close. @param log where documents come from */
    void serve(SandboxLog log) {
        for (PdsHost host : hosts.all()) {
            HostListener listener = listeners.get(host.index());
            if (host.kind() == HostKind.DEAD) {
                SandboxServer.await(listener.close(), "a dead host's port does not close");
                continue;
            }
            HostCounts count = counts.get(host.index());
            WindowLimit.Manner manner = WindowLimit.Manner.of(host.index());
            PdsServer.Parts parts = new PdsServer.Parts(
                    host,
                    count,
                    new WindowLimit(network, manner, clock, count),
                    new PdsMethods(host, hosts, log),
                    new Lies(host, vertx));
            long delay = host.kind() == HostKind.SLOW ? Math.max(1, network.slowness().toMillis()) : 0;
            listener.serve(new PdsServer(parts, delay, vertx));
        }
        relay.serve(new RelayHosts(hosts, new HostCounts()));
    }

    Hosts hosts() {
        return hosts;
    }

    boolean isUp(int host) {
        return listeners.get(host).isUp();
    }

    /** Starts or stops a host, on the same port with the same data. */
    Future<?> turn(int host, boolean on) {
        return on ? listeners.get(host).open() : listeners.get(host).close();
    }

    /** Where the relay answers; empty without one. */
    String relay() {
        return listeners.isEmpty() ? "" : "http://localhost:" + relay.port();
    }

    /** What each host was asked, and all together. */
    JsonObject traffic() {
        JsonArray each = new JsonArray();
        JsonObject total = new JsonObject();
        for (PdsHost host : hosts.all()) {
            JsonObject json = counts.get(host.index()).json();
            for (String field : List.of("requests", "refused", "violations", "ignoredWarnings", "aboveRate")) {
                total.put(field, total.getLong(field, 0L) + json.getLong(field));
            }
            int most = Math.max(total.getInteger("maxConcurrentOfOne", 0), json.getInteger("maxConcurrent"));
            total.put("maxConcurrentOfOne", most);
            JsonObject methods = json.getJsonObject("methods");
            JsonObject sums = total.getJsonObject("methods", new JsonObject());
            methods.forEach(method -> sums.put(
                    method.getKey(), sums.getLong(method.getKey(), 0L) + ((Number) method.getValue()).longValue()));
            total.put("methods", sums);
            each.add(new JsonObject()
                    .put("index", host.index())
                    .put("pds", host.endpoint())
                    .put("kind", host.kind().key())
                    .put("up", isUp(host.index()))
                    .mergeIn(json));
        }
        return new JsonObject().put("total", total).put("hosts", each);
    }

    void forgetTraffic() {
        counts.forEach(HostCounts::reset);
    }
}
