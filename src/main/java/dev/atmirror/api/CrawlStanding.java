package dev.atmirror.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.Times;
import dev.atmirror.store.CrawlSums;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** How far the stages that ask hosts are, as JSON: in {@code GET /ready} and in {@code status --json}. */
public final class CrawlStanding {
    private CrawlStanding() {}

    /** By stage, in the order in which they depend on each other. */
    public static Map<String, ObjectNode> json(CrawlSums sums) {
        ObjectNode hosts = Json.MAPPER.createObjectNode();
        ObjectNode states = hosts.putObject("hosts");
        sums.hosts().forEach(states::put);
        hosts.put("otherNames", sums.otherNames()).put("skipped", sums.skipped());
        sums.followed().ifPresent(seq -> hosts.put("followedSeq", seq));
        sums.followedAt().ifPresent(at -> hosts.put("followedAt", Times.format(at)));
        sums.relay().ifPresent(relay -> hosts.set("relay", relay(relay)));
        ObjectNode accounts = Json.MAPPER.createObjectNode()
                .put("repos", sums.repos())
                .put("active", sums.active())
                .put("hostsLeft", sums.listsLeft());
        accounts.put("lastPass", sums.lastPass().map(Times::format).orElse(null));
        ObjectNode describe =
                Json.MAPPER.createObjectNode().put("described", sums.described()).put("left", sums.describeLeft());
        ObjectNode records =
                Json.MAPPER.createObjectNode().put("records", sums.records()).put("left", sums.recordsLeft());
        ObjectNode handles = Json.MAPPER.createObjectNode();
        ObjectNode results = handles.putObject("results");
        sums.handles().results().forEach(results::put);
        boolean counted = sums.handles().countedAt().isPresent();
        handles.put("checked", counted ? (Long) sums.handles().checked() : null);
        handles.put("left", counted ? (Long) sums.handles().left() : null);
        handles.put("countedAt", sums.handles().countedAt().map(Times::format).orElse(null));
        sums.handles().followed().ifPresent(seq -> handles.put("followedSeq", seq));
        Map<String, ObjectNode> stages = new LinkedHashMap<>();
        stages.put("pds-hosts", hosts);
        stages.put("pds-accounts", accounts);
        stages.put("describe-repo", describe);
        stages.put("recent-records", records);
        stages.put("handles", handles);
        return stages;
    }

    private static ObjectNode relay(CrawlSums.Relay relay) {
        ObjectNode json = Json.MAPPER.createObjectNode().put("address", relay.address());
        json.put("lastAnswer", relay.lastAnswer().isAfter(Instant.EPOCH) ? Times.format(relay.lastAnswer()) : null);
        json.put("lastError", relay.lastError().orElse(null));
        json.put("lastErrorAt", relay.lastErrorAt().map(Times::format).orElse(null));
        json.put("nextTryAt", relay.nextTryAt().map(Times::format).orElse(null));
        return json;
    }
}
