package dev.atmirror.realnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.DidKey;
import java.util.Arrays;
import org.apache.commons.codec.binary.Base58;

/**
 * The published package of the directory writes documents in an older form: no multikey context, relative ids of
 * methods, keys as uncompressed points. Rewritten to the present form they must equal the mirror's.
 */
final class OlderDocument {
    private static final int COORDINATE = 32; // bytes
    private static final String MULTIKEY = "https://w3id.org/security/multikey/v1";

    private OlderDocument() {}

    static boolean isOlder(JsonNode document) {
        for (JsonNode context : document.path("@context")) {
            if (context.asText().equals(MULTIKEY)) {
                return false;
            }
        }
        return document.path("@context").isArray();
    }

    static JsonNode inPresentForm(JsonNode older) {
        ObjectNode document = older.deepCopy();
        ((ArrayNode) document.get("@context")).insert(1, MULTIKEY);
        for (JsonNode method : document.get("verificationMethod")) {
            String type = method.get("type").textValue();
            String point = method.get("publicKeyMultibase").textValue().substring(1);
            ((ObjectNode) method)
                    .put("id", document.get("id").textValue() + method.get("id").textValue())
                    .put("type", "Multikey")
                    .put("publicKeyMultibase", multibase(type, new Base58().decode(point)));
        }
        return document;
    }

    private static String multibase(String type, byte[] uncompressed) {
        DidKey.Curve curve =
                switch (type) {
                    case "EcdsaSecp256k1VerificationKey2019" -> DidKey.Curve.SECP256K1;
                    case "EcdsaSecp256r1VerificationKey2019" -> DidKey.Curve.P256;
                    default -> throw new IllegalArgumentException("a type that the older form does not have: " + type);
                };
        byte[] compressed = Arrays.copyOfRange(uncompressed, 0, 1 + COORDINATE);
        compressed[0] = (byte) (2 + (uncompressed[2 * COORDINATE] & 1));
        return DidKey.format(curve, compressed).substring("did:key:".length());
    }
}
