package dev.atmirror.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One signed operation as received, with typed access to what the protocol gives a meaning. The tree is never
 * normalised or rebuilt: hashes and signatures are over it, unknown fields included (did-method-plc issue 71).
 */
public final class PlcOperation {
    /** The three forms that stand in the log. */
    public enum Kind {
        OPERATION("plc_operation"),
        TOMBSTONE("plc_tombstone"),
        /** The first format; only ever a genesis. */
        CREATE("create");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        public String type() {
            return type;
        }
    }

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectNode json;
    private final Kind kind;
    private final List<String> rotationKeys;

    private PlcOperation(ObjectNode json, Kind kind, List<String> rotationKeys) {
        this.json = json;
        this.kind = kind;
        this.rotationKeys = rotationKeys;
    }

    /** An operation that is as it should be, but for its signature. */
    public static final class Unsigned extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        Unsigned() {
            super("the operation has no signature");
        }
    }

    /**
     * @throws Unsigned without a signature, where nothing else is wrong
     * @throws IllegalArgumentException naming the first thing that is wrong with the structure
     */
    public static PlcOperation of(JsonNode node) {
        if (!(node instanceof ObjectNode json)) {
            throw new IllegalArgumentException("operation is no object");
        }
        PlcOperation operation = structured(json);
        if (!json.path("sig").isTextual()) {
            throw new Unsigned();
        }
        return operation;
    }

    private static PlcOperation structured(ObjectNode json) {
        return switch (text(json, "type")) {
            case "plc_operation" -> {
                prevOrNull(json);
                strings(json, "alsoKnownAs");
                each(object(json, "verificationMethods"), JsonNode::isTextual, "verificationMethods");
                each(object(json, "services"), PlcOperation::isService, "services");
                yield new PlcOperation(json, Kind.OPERATION, strings(json, "rotationKeys"));
            }
            case "plc_tombstone" -> {
                text(json, "prev");
                yield new PlcOperation(json, Kind.TOMBSTONE, List.of());
            }
            case "create" -> {
                prevOrNull(json);
                text(json, "handle");
                text(json, "service");
                yield new PlcOperation(
                        json, Kind.CREATE, List.of(text(json, "recoveryKey"), text(json, "signingKey")));
            }
            default -> throw new IllegalArgumentException("unknown operation type");
        };
    }

    public ObjectNode json() {
        return json;
    }

    public Kind kind() {
        return kind;
    }

    /** Strongest first; for the first format [recoveryKey, signingKey]; empty for a tombstone. */
    public List<String> rotationKeys() {
        return rotationKeys;
    }

    public Optional<String> prev() {
        return Optional.ofNullable(json.path("prev").textValue());
    }

    public String sig() {
        return json.path("sig").textValue();
    }

    public byte[] signedBytes() {
        return DagCbor.encode(json);
    }

    /** Of the whole, which names the operation, and without {@code sig}, which is what was signed. */
    public DagCbor.Hashes hashes() {
        return DagCbor.hashes(json, "sig");
    }

    public String cid() {
        return Cid.ofHash(Cid.sha256(signedBytes()));
    }

    /** The handle that this operation declares; a claim. */
    public Optional<String> handle() {
        return kind == Kind.TOMBSTONE ? Optional.empty() : Handle.declared(alsoKnownAs());
    }

    /** The endpoint of the service {@code atproto_pds} where its type is {@code AtprotoPersonalDataServer}, as written. */
    public Optional<String> pds() {
        JsonNode service = services().path("atproto_pds");
        return "AtprotoPersonalDataServer".equals(service.path("type").textValue())
                ? Optional.ofNullable(service.path("endpoint").textValue())
                : Optional.empty();
    }

    public Optional<String> signingKey() {
        return Optional.ofNullable(verificationMethods().path("atproto").textValue());
    }

    public ArrayNode alsoKnownAs() {
        return switch (kind) {
            case OPERATION -> (ArrayNode) json.get("alsoKnownAs");
            case CREATE -> NODES.arrayNode().add(withAtScheme(json.get("handle").textValue()));
            case TOMBSTONE -> NODES.arrayNode();
        };
    }

    public ObjectNode verificationMethods() {
        return switch (kind) {
            case OPERATION -> (ObjectNode) json.get("verificationMethods");
            case CREATE -> NODES.objectNode().put("atproto", json.get("signingKey").textValue());
            case TOMBSTONE -> NODES.objectNode();
        };
    }

    public ObjectNode services() {
        return switch (kind) {
            case OPERATION -> (ObjectNode) json.get("services");
            case CREATE -> {
                ObjectNode services = NODES.objectNode();
                services.putObject("atproto_pds")
                        .put("type", "AtprotoPersonalDataServer")
                        .put("endpoint", withHttpScheme(json.get("service").textValue()));
                yield services;
            }
            case TOMBSTONE -> NODES.objectNode();
        };
    }

    /** As the reference's {@code opToData}: the answer of {@code GET /{did}/data}. Not for tombstones. */
    public ObjectNode data(String did) {
        ObjectNode data = NODES.objectNode().put("did", did);
        data.set("verificationMethods", verificationMethods());
        ArrayNode keys = data.putArray("rotationKeys");
        rotationKeys.forEach(keys::add);
        data.set("alsoKnownAs", alsoKnownAs());
        data.set("services", services());
        return data;
    }

    private static String withAtScheme(String handle) {
        if (handle.startsWith("at://")) {
            return handle;
        }
        // Once each, as the reference's String.replace does.
        return "at://" + handle.replaceFirst("http://", "").replaceFirst("https://", "");
    }

    private static String withHttpScheme(String service) {
        return service.startsWith("http://") || service.startsWith("https://") ? service : "https://" + service;
    }

    private static boolean isService(JsonNode node) {
        return node.isObject() && node.path("type").isTextual() && node.path("endpoint").isTextual();
    }

    private static void prevOrNull(ObjectNode json) {
        JsonNode prev = json.get("prev");
        if (prev == null || !prev.isTextual() && !prev.isNull()) {
            throw new IllegalArgumentException("prev must be present, a string or null");
        }
    }

    private static String text(ObjectNode json, String field) {
        JsonNode value = json.get(field);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException(field + " must be a string");
        }
        return value.textValue();
    }

    private static ObjectNode object(ObjectNode json, String field) {
        if (json.get(field) instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException(field + " must be an object");
    }

    private static List<String> strings(ObjectNode json, String field) {
        if (!(json.get(field) instanceof ArrayNode array)) {
            throw new IllegalArgumentException(field + " must be an array");
        }
        List<String> strings = new ArrayList<>(array.size());
        for (JsonNode element : array) {
            if (!element.isTextual()) {
                throw new IllegalArgumentException(field + " must hold strings only");
            }
            strings.add(element.textValue());
        }
        return List.copyOf(strings);
    }

    private static void each(ObjectNode map, java.util.function.Predicate<JsonNode> test, String field) {
        for (JsonNode value : map) {
            if (!test.test(value)) {
                throw new IllegalArgumentException(field + " holds a value of the wrong type");
            }
        }
    }
}
