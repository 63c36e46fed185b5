package dev.atmirror.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.PlcOperation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * An operation as columns. Whatever the columns cannot give back exactly is <em>odd</em>: its JSON is kept whole, and the
 * columns hold what lookups need. Whether they can is not reckoned but tried: written, read back and compared.
 *
 * @param kind o operation, c create, t tombstone
 * @param keys rotation keys as a JSON array; empty for a tombstone
 * @param pds endpoint; empty without
 * @param signingKey without {@code did:key:}; empty without
 * @param handle empty without
 * @param odd the whole operation, where the columns do not suffice
 */
record LeanOperation(
        char kind, String keys, String pds, byte[] sig, String signingKey, String handle, Optional<String> odd) {
    private static final String DID_KEY = "did:key:";
    private static final String AT = "at://";
    private static final KeyText NO_KEYS = new KeyText("", MissingNode.getInstance());
    private static final int KEY_CHARACTERS = 8 << 20; // some 50,000 of the usual lists
    // Nearly all accounts share the key lists of a few hosts.
    private static final Cache<List<String>, KeyText> KEY_TEXTS = Caffeine.newBuilder()
            .maximumWeight(KEY_CHARACTERS)
            .weigher((List<String> keys, KeyText text) -> text.json.length())
            .build();
    private static final String NUL = "\\u0000"; // as it stands in JSON

    /** Rotation keys as they are stored, and what that text reads back as. */
    private record KeyText(String json, JsonNode readBack) {
        static KeyText of(List<String> keys) {
            String json = Json.write(keys);
            return new KeyText(json, read(json));
        }
    }

    /** As the columns of those names give it; a kind that is none becomes {@code ?}. */
    static LeanOperation from(ResultSet rows) throws SQLException {
        String kind = rows.getString("kind");
        return new LeanOperation(
                kind.isEmpty() ? '?' : kind.charAt(0),
                rows.getString("keys"),
                rows.getString("endpoint"),
                rows.getBytes("sig"),
                rows.getString("signing_key"),
                rows.getString("handle"),
                Optional.ofNullable(rows.getString("odd")));
    }

    /** @param operation verified, so that its signature decodes */
    static LeanOperation of(PlcOperation operation) {
        boolean tombstone = operation.kind() == PlcOperation.Kind.TOMBSTONE;
        KeyText keys = tombstone ? NO_KEYS : KEY_TEXTS.get(operation.rotationKeys(), KeyText::of);
        LeanOperation lean = new LeanOperation(
                kind(operation.kind()),
                keys.json,
                operation.pds().map(LeanOperation::storable).orElse(""),
                Base64.getUrlDecoder().decode(operation.sig()),
                operation.signingKey().map(LeanOperation::storable).map(LeanOperation::withoutPrefix).orElse(""),
                operation.handle().orElse(""),
                Optional.empty());
        String prev = operation.prev().orElse(null);
        // A key list with NUL is JSON text that the view could not make jsonb of.
        boolean exact = lean.json(prev, keys.readBack).equals(operation.json()) && !lean.keys.contains(NUL);
        return exact ? lean : lean.asOdd(Json.write(operation.json()));
    }

    private LeanOperation asOdd(String json) {
        return new LeanOperation(kind, keys, pds, sig, signingKey, handle, Optional.of(json));
    }

    /** Whether the columns are the same, whatever is kept whole. */
    boolean hasColumnsOf(LeanOperation other) {
        return kind == other.kind
                && keys.equals(other.keys)
                && pds.equals(other.pds)
                && signingKey.equals(other.signingKey)
                && handle.equals(other.handle)
                && Arrays.equals(sig, other.sig);
    }

    private static char kind(PlcOperation.Kind kind) {
        return switch (kind) {
            case OPERATION -> 'o';
            case CREATE -> 'c';
            case TOMBSTONE -> 't';
        };
    }

    /** PostgreSQL's text holds no NUL; an operation with one is odd. Lone surrogates have no DAG-CBOR. */
    private static String storable(String text) {
        return text.indexOf(0) < 0 ? text : "";
    }

    private static String withoutPrefix(String didKey) {
        return didKey.startsWith(DID_KEY) ? didKey.substring(DID_KEY.length()) : "";
    }

    /** The operation again, its keys in the order of jsonb, as the reference directory prints them. */
    ObjectNode json(String prevCid) {
        if (odd.isPresent()) {
            if (read(odd.get()) instanceof ObjectNode whole) {
                return whole;
            }
            throw new IllegalStateException("the stored operation is no object");
        }
        return json(prevCid, kind == 't' ? NO_KEYS.readBack : read(keys));
    }

    private ObjectNode json(String prevCid, JsonNode rotationKeys) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("sig", Base64.getUrlEncoder().withoutPadding().encodeToString(sig));
        json.put("prev", prevCid);
        switch (kind) {
            case 't' -> json.put("type", "plc_tombstone");
            case 'c' -> {
                json.put("type", "create").put("handle", handle).put("service", pds);
                json.set("signingKey", rotationKeys.path(1));
                json.set("recoveryKey", rotationKeys.path(0));
            }
            default -> {
                json.put("type", "plc_operation");
                ObjectNode services = json.putObject("services");
                if (!pds.isEmpty()) {
                    services.putObject("atproto_pds")
                            .put("type", "AtprotoPersonalDataServer")
                            .put("endpoint", pds);
                }
                var alsoKnownAs = json.putArray("alsoKnownAs");
                if (!handle.isEmpty()) {
                    alsoKnownAs.add(AT + handle);
                }
                json.set("rotationKeys", rotationKeys);
                ObjectNode methods = json.putObject("verificationMethods");
                if (!signingKey.isEmpty()) {
                    methods.put("atproto", DID_KEY + signingKey);
                }
            }
        }
        return json;
    }

    static JsonNode read(String json) {
        try {
            return Json.parse(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored JSON does not parse", e);
        }
    }
}
