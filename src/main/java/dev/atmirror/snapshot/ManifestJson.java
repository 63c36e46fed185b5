package dev.atmirror.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.store.SnapshotView.LeftOut;
import dev.atmirror.store.SnapshotView.LogEnds;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Manifests as JSON. Names of fields are a promise to other mirrors. */
public final class ManifestJson {
    private static final int FORMAT = 1;
    private static final String FILTER = "accounts with an operation whose filtered is above 0 are left out as a whole";

    private ManifestJson() {}

    public static ObjectNode write(Manifest manifest) {
        ObjectNode root = Json.MAPPER.createObjectNode();
        Manifest.Content content = manifest.content();
        Manifest.Origin origin = manifest.origin();
        root.put("format", FORMAT)
                .put("name", content.name())
                .put("file", content.file())
                .put("created", origin.created().toString())
                .put("tool", origin.tool())
                .put("schema", origin.schema())
                .put("pgDump", origin.pgDump())
                .put("server", origin.server())
                .put("sha256", content.sha256())
                .put("bytes", content.bytes())
                .put("uncompressedBytes", content.plainBytes());
        ObjectNode rows = root.putObject("rows");
        content.rows().forEach(rows::put);
        manifest.log().ifPresent(log -> root.putObject("log")
                .put("firstSeq", log.firstSeq())
                .put("firstTime", log.firstTime().toString())
                .put("lastSeq", log.lastSeq())
                .put("lastTime", log.lastTime().toString()));
        var upstreams = root.putArray("upstreams");
        manifest.upstreams().forEach(upstream -> upstreams
                .addObject()
                .put("host", upstream.host())
                .put("kind", upstream.kind())
                .put("seq", upstream.seq())
                .put("time", upstream.time().toString())
                .put("operations", upstream.operations()));
        ObjectNode filter = root.putObject("filter").put("rule", manifest.leftOut().isPresent() ? FILTER : "none");
        manifest.leftOut().ifPresent(left ->
                filter.put("accountsLeftOut", left.accounts()).put("operationsLeftOut", left.operations()));
        return root.put("verified", manifest.verified());
    }

    /** @throws SnapshotFailure for what is no manifest, or one of a format to come */
    public static Manifest read(String text) {
        try {
            JsonNode root = Json.parse(text);
            if (root.path("format").asInt() != FORMAT) {
                throw new SnapshotFailure("its format is " + root.path("format").asText("not given")
                        + ", and this program reads " + FORMAT + "; a newer at-mirror made it, perhaps");
            }
            return manifest(root);
        } catch (JsonProcessingException | DateTimeException e) {
            throw new SnapshotFailure("it is no manifest: " + e.getMessage().lines().findFirst().orElse(""), e);
        }
    }

    private static Manifest manifest(JsonNode root) {
        Map<String, Long> rows = new LinkedHashMap<>();
        root.path("rows").properties().forEach(table -> rows.put(table.getKey(), table.getValue().asLong()));
        List<Manifest.Upstream> upstreams = new ArrayList<>();
        root.path("upstreams").forEach(upstream -> upstreams.add(upstream(upstream)));
        return new Manifest(
                new Manifest.Content(
                        text(root, "name"),
                        text(root, "file"),
                        text(root, "sha256"),
                        root.path("bytes").asLong(),
                        root.path("uncompressedBytes").asLong(),
                        rows),
                new Manifest.Origin(
                        time(root, "created"), text(root, "tool"), text(root, "schema"), text(root, "pgDump"), text(root, "server")),
                Optional.of(root.path("log")).filter(JsonNode::isObject).map(ManifestJson::log),
                upstreams,
                Optional.of(root.path("filter")).filter(filter -> filter.has("accountsLeftOut")).map(filter ->
                        new LeftOut(filter.path("accountsLeftOut").asLong(), filter.path("operationsLeftOut").asLong())),
                root.path("verified").asBoolean());
    }

    private static LogEnds log(JsonNode log) {
        return new LogEnds(
                log.path("firstSeq").asLong(), time(log, "firstTime"), log.path("lastSeq").asLong(), time(log, "lastTime"));
    }

    private static Manifest.Upstream upstream(JsonNode upstream) {
        return new Manifest.Upstream(
                text(upstream, "host"),
                text(upstream, "kind"),
                upstream.path("seq").asLong(),
                time(upstream, "time"),
                upstream.path("operations").asLong());
    }

    private static Instant time(JsonNode node, String name) {
        return Instant.parse(text(node, name));
    }

    private static String text(JsonNode node, String name) {
        if (!node.path(name).isTextual()) {
            throw new SnapshotFailure("it is no manifest: it has no " + name);
        }
        return node.path(name).asText();
    }
}
