package dev.atmirror.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.Times;
import dev.atmirror.store.Changes.CheckChange;
import dev.atmirror.store.Changes.LogChange;
import dev.atmirror.store.Changes.State;
import java.util.List;
import java.util.Optional;

/** One change as a line: {@code {cursor, did, time, kinds, …}}, and of each kind what was and what is. */
final class ChangeJson {
    private static final State NOTHING =
            new State(false, Optional.empty(), Optional.empty(), List.of(), Optional.empty());

    private ChangeJson() {}

    /** @param cursor behind which to go on @return empty where nothing changed that the filter wants */
    static Optional<ObjectNode> of(LogChange change, ChangeFilter filter, ChangeCursor cursor) {
        State before = change.before().orElse(NOTHING);
        State after = change.after();
        if (!filter.wantsHost(before.pds(), after.pds())) {
            return Optional.empty();
        }
        ObjectNode json = begun(cursor, change.did(), Times.format(change.at()));
        if (change.before().isEmpty()) {
            json.withArray("kinds").add(ChangeKind.CREATED.toString());
        }
        boolean wanted = change.before().isEmpty() && filter.wants(ChangeKind.CREATED);
        wanted |= put(json, ChangeKind.HANDLE, "handle", text(before.handle()), text(after.handle())) && filter.wants(ChangeKind.HANDLE);
        wanted |= put(json, ChangeKind.PDS, "pds", text(before.pds()), text(after.pds())) && filter.wants(ChangeKind.PDS);
        boolean keys = put(json, ChangeKind.KEY, "rotationKeys", Json.MAPPER.valueToTree(before.keys()), Json.MAPPER.valueToTree(after.keys()));
        keys |= put(json, ChangeKind.KEY, "signingKey", text(before.signingKey()), text(after.signingKey()));
        wanted |= keys && filter.wants(ChangeKind.KEY);
        wanted |= put(json, ChangeKind.TOMBSTONE, "tombstone", Json.MAPPER.valueToTree(before.tombstone()), Json.MAPPER.valueToTree(after.tombstone()))
                && filter.wants(ChangeKind.TOMBSTONE);
        if (change.undone()) {
            json.put("undone", true);
        }
        return wanted ? Optional.of(json) : Optional.empty();
    }

    static Optional<ObjectNode> of(CheckChange change, ChangeFilter filter, ChangeCursor cursor) {
        if (!filter.wants(ChangeKind.VERIFICATION) || !filter.wantsHost(change.pds(), change.pds())) {
            return Optional.empty();
        }
        ObjectNode json = begun(cursor, change.did(), Times.format(change.at()));
        json.withArray("kinds").add(ChangeKind.VERIFICATION.toString());
        ObjectNode result = json.putObject("verification").put("handle", change.handle()).put("was", change.was()).put("is", change.is());
        change.pointsTo().ifPresent(did -> result.put("pointsTo", did));
        return Optional.of(json);
    }

    private static ObjectNode begun(ChangeCursor cursor, String did, String time) {
        ObjectNode json = Json.MAPPER.createObjectNode()
                .put("cursor", cursor.toString())
                .put("did", did)
                .put("time", time);
        json.putArray("kinds");
        return json;
    }

    private static boolean put(ObjectNode json, ChangeKind kind, String field, JsonNode was, JsonNode is) {
        if (was.equals(is)) {
            return false;
        }
        JsonNode kinds = json.get("kinds");
        // Both keys are of one kind. An account that came to be has everything, which is not for each a change.
        boolean named = !kinds.isEmpty() && (kinds.get(0).textValue().equals(ChangeKind.CREATED.toString())
                || kinds.get(kinds.size() - 1).textValue().equals(kind.toString()));
        if (!named) {
            json.withArray("kinds").add(kind.toString());
        }
        json.putObject(field).<ObjectNode>set("was", was).set("is", is);
        return !kinds.get(0).textValue().equals(ChangeKind.CREATED.toString());
    }

    private static JsonNode text(Optional<String> text) {
        return text.<JsonNode>map(Json.MAPPER.getNodeFactory()::textNode).orElse(Json.MAPPER.getNodeFactory().nullNode());
    }
}
