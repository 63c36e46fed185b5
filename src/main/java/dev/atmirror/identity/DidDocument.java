package dev.atmirror.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Renders the DID document of an operation, equal as JSON to the reference directory's {@code formatDidDoc}. */
public final class DidDocument {
    private static final String KEY_PREFIX = "did:key:";

    private DidDocument() {}

    /** @param operation not a tombstone, which has no document */
    public static ObjectNode of(String did, PlcOperation operation) {
        Set<String> contexts = new LinkedHashSet<>();
        contexts.add("https://www.w3.org/ns/did/v1");
        contexts.add("https://w3id.org/security/multikey/v1");
        ArrayNode methods = JsonNodeFactory.instance.arrayNode();
        for (Map.Entry<String, JsonNode> method : operation.verificationMethods().properties()) {
            String key = method.getValue().textValue();
            // Unknown key types add no context and still appear: ed25519 and BLS keys resolve too.
            DidKey.parse(key).map(DidDocument::context).ifPresent(contexts::add);
            methods.addObject()
                    .put("id", did + "#" + method.getKey())
                    .put("type", "Multikey")
                    .put("controller", did)
                    .put("publicKeyMultibase", key.startsWith(KEY_PREFIX) ? key.substring(KEY_PREFIX.length()) : key);
        }
        ArrayNode services = JsonNodeFactory.instance.arrayNode();
        for (Map.Entry<String, JsonNode> service : operation.services().properties()) {
            services.addObject()
                    .put("id", "#" + service.getKey())
                    .put("type", service.getValue().get("type").textValue())
                    .put("serviceEndpoint", service.getValue().get("endpoint").textValue());
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        contexts.forEach(document.putArray("@context")::add);
        document.put("id", did);
        document.set("alsoKnownAs", operation.alsoKnownAs());
        document.set("verificationMethod", methods);
        document.set("service", services);
        return document;
    }

    private static String context(DidKey key) {
        return switch (key.curve()) {
            case SECP256K1 -> "https://w3id.org/security/suites/secp256k1-2019/v1";
            case P256 -> "https://w3id.org/security/suites/ecdsa-2019/v1";
        };
    }
}
