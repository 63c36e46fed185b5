package dev.atmirror.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.Times;
import dev.atmirror.store.Changes.CheckChange;
import dev.atmirror.store.Changes.LogChange;
import dev.atmirror.store.Changes.State;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One change as a line: {@code {cursor, seq, did, time, kinds, …}}, and of what changed what was and what is; {@code seq} is
 * the operation's, of a verification that of the operation which declares the handle.
 */
final class ChangeJson {
    private static final State NOTHING =
            new State(false, Optional.empty(), Optional.empty(), List.of(), Optional.empty());

    private final ObjectNode json;
    private final Set<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);

    private ChangeJson(ChangeCursor cursor, long seq, String did, String time) {
        json = Json.MAPPER.createObjectNode()
                .put("cursor", cursor.toString())
                .put("seq", seq)
                .put("did", did)
                .put("time", time);
        json.putArray("kinds");
    }

    /** @param cursor behind which to go on @return empty where nothing changed that the filter wants */
    static Optional<ObjectNode> of(LogChange change, ChangeFilter filter, ChangeCursor cursor) {
        ChangeJson line = new ChangeJson(cursor, change.seq(), change.did(), Times.format(change.at()));
        line.compare(change.before().orElse(NOTHING), change.after());
        if (change.before().isEmpty()) {
            line.kinds.clear(); // It has everything, which is not for each a change.
            line.kinds.add(ChangeKind.NEW);
        }
        change.backTo().ifPresent(seq -> {
            line.kinds.add(ChangeKind.RECOVERY);
            line.json.put("backTo", seq);
        });
        if (change.nullified()) {
            line.json.put("nullified", true);
        }
        return line.kinds.stream().anyMatch(filter::wants) ? Optional.of(line.whole()) : Optional.empty();
    }

    static ObjectNode of(CheckChange change, ChangeCursor cursor) {
        ChangeJson line = new ChangeJson(cursor, change.operation(), change.did(), Times.format(change.at()));
        line.kinds.add(ChangeKind.VERIFICATION);
        ObjectNode result = line.json.putObject("verification")
                .put("handle", change.handle())
                .put("was", change.was())
                .put("is", change.is());
        change.pointsTo().ifPresent(did -> result.put("pointsTo", did));
        return line.whole();
    }

    private void compare(State before, State after) {
        put(ChangeKind.HANDLE, "handle", text(before.handle()), text(after.handle()));
        put(ChangeKind.PDS, "pds", text(before.pds()), text(after.pds()));
        put(ChangeKind.KEY, "rotationKeys", Json.MAPPER.valueToTree(before.keys()), Json.MAPPER.valueToTree(after.keys()));
        put(ChangeKind.KEY, "signingKey", text(before.signingKey()), text(after.signingKey()));
        put(
                ChangeKind.TOMBSTONE,
                "tombstone",
                Json.MAPPER.getNodeFactory().booleanNode(before.tombstone()),
                Json.MAPPER.getNodeFactory().booleanNode(after.tombstone()));
    }

    private void put(ChangeKind kind, String field, JsonNode was, JsonNode is) {
        if (!was.equals(is)) {
            kinds.add(kind);
            json.putObject(field).<ObjectNode>set("was", was).set("is", is);
        }
    }

    private ObjectNode whole() {
        kinds.forEach(kind -> json.withArray("kinds").add(kind.toString()));
        return json;
    }

    private static JsonNode text(Optional<String> text) {
        return text.<JsonNode>map(Json.MAPPER.getNodeFactory()::textNode).orElse(Json.MAPPER.getNodeFactory().nullNode());
    }
}
