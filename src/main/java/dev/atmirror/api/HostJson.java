package dev.atmirror.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.Times;
import dev.atmirror.store.PdsHosts;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;

/** A host of accounts as JSON: in {@code GET /pds} and in {@code status --hosts --json}. */
public final class HostJson {
    private HostJson() {}

    /** What lists show of it. */
    public static ObjectNode brief(PdsHosts.Host host) {
        ObjectNode json = Json.MAPPER.createObjectNode()
                .put("pds", host.pds())
                .put("state", host.state())
                .put("otherNameOf", host.leader().map(PdsHosts.Leader::pds).orElse(null))
                .put("repos", host.counts().repos())
                .put("active", host.counts().active())
                .put("describeLeft", host.counts().describeLeft())
                .put("recordsLeft", host.counts().recordsLeft());
        json.put("software", host.software().orElse(null));
        time(json, "lastSuccess", host.lastSuccess());
        json.put("failures", host.failures());
        json.put("lastError", host.lastError().orElse(null));
        time(json, "lastErrorAt", host.lastErrorAt());
        time(json, "waitsUntil", host.waitsUntil());
        return json;
    }

    /** Everything that is known of it. */
    static ObjectNode whole(PdsHosts.Host host) {
        ObjectNode json = brief(host);
        json.put("operator", host.operator());
        host.sources().forEach(json.putArray("sources")::add);
        time(json, "firstSeen", Optional.of(host.firstSeen()));
        ObjectNode list = json.putObject("list").put("passes", host.passes());
        time(list, "started", host.passStarted());
        time(list, "finished", host.passFinished());
        try {
            json.set("server", Json.parse(host.server().orElse("null")));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e); // the database holds it as jsonb
        }
        return json;
    }

    private static void time(ObjectNode json, String name, Optional<Instant> time) {
        json.put(name, time.map(Times::format).orElse(null));
    }
}
