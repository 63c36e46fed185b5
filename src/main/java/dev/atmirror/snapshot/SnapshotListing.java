package dev.atmirror.snapshot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import java.util.List;

/** Dumps as JSON: of {@code snapshot list --json} and of the API. */
public final class SnapshotListing {
    private SnapshotListing() {}

    public static ObjectNode json(List<SnapshotFolder.Dump> dumps) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        var array = root.putArray("snapshots");
        for (SnapshotFolder.Dump dump : dumps) {
            array.addObject()
                    .put("file", dump.path().getFileName().toString())
                    .put("name", dump.name())
                    .put("date", dump.date().toString())
                    .put("bytes", dump.bytes())
                    .set("manifest", dump.manifest().map(ManifestJson::write).orElse(null));
        }
        return root;
    }
}
