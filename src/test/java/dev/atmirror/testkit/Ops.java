package dev.atmirror.testkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Cid;
import dev.atmirror.identity.DagCbor;
import dev.atmirror.identity.Did;
import dev.atmirror.identity.Json;
import java.util.Base64;
import java.util.List;

/** Operations by hand: build one, change what the test is about, sign it. */
public final class Ops {
    private Ops() {}

    public static ObjectNode operation(List<SigningKey> rotationKeys, String handle, String pds, String prev) {
        ObjectNode json = Json.MAPPER.createObjectNode().put("type", "plc_operation").put("prev", prev);
        ArrayNode keys = json.putArray("rotationKeys");
        rotationKeys.forEach(key -> keys.add(key.didKey()));
        json.putArray("alsoKnownAs").add("at://" + handle);
        json.putObject("verificationMethods").put("atproto", SigningKey.k256("signing").didKey());
        json.putObject("services")
                .putObject("atproto_pds")
                .put("type", "AtprotoPersonalDataServer")
                .put("endpoint", pds);
        return json;
    }

    public static ObjectNode tombstone(String prev) {
        return Json.MAPPER.createObjectNode().put("type", "plc_tombstone").put("prev", prev);
    }

    public static ObjectNode create(SigningKey recovery, SigningKey signing, String handle, String service) {
        return Json.MAPPER
                .createObjectNode()
                .put("type", "create")
                .put("signingKey", signing.didKey())
                .put("recoveryKey", recovery.didKey())
                .put("handle", handle)
                .put("service", service)
                .putNull("prev");
    }

    public static ObjectNode sign(ObjectNode operation, SigningKey key) {
        return signature(operation, key.sign(hash(operation)));
    }

    public static ObjectNode signature(ObjectNode operation, byte[] signature) {
        ObjectNode signed = operation.deepCopy();
        return signed.put("sig", Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
    }

    /** What is signed. */
    public static byte[] hash(ObjectNode operation) {
        return Cid.sha256(DagCbor.encode(operation.deepCopy().without("sig")));
    }

    public static String cid(ObjectNode signed) {
        return Cid.ofHash(Cid.sha256(DagCbor.encode(signed)));
    }

    /** The DID that a signed genesis founds. */
    public static String did(ObjectNode genesis) {
        return Did.ofGenesis(Cid.sha256(DagCbor.encode(genesis)));
    }
}
