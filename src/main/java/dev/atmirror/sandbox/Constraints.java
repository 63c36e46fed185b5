package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.DagCbor;
import dev.atmirror.identity.DidKey;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.PlcOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the reference server demands of new operations beyond the protocol (packages/server/src/constraints.ts), in its
 * words. The log is older than these rules, so nothing that is read from it may be held to them.
 */
final class Constraints {
    private static final int MAX_OPERATION = 4_000; // bytes of DAG-CBOR
    private static final int MAX_ENTRIES = 10;
    private static final int MAX_NAME = 258; // a handle's 253 and at://
    private static final int MAX_ID = 32;
    private static final int MAX_SERVICE_TYPE = 256;
    private static final int MAX_ENDPOINT = 512;
    private static final int MAX_KEY = 256;
    private static final Set<String> OPERATION_FIELDS = Set.of(
            "type", "rotationKeys", "verificationMethods", "alsoKnownAs", "services", "prev", "sig");
    private static final Set<String> TOMBSTONE_FIELDS = Set.of("type", "prev", "sig");
    private static final Set<String> SERVICE_FIELDS = Set.of("type", "endpoint");

    private record Quota(Duration window, int most, String name) {}

    private static final List<Quota> QUOTAS = List.of(
            new Quota(Duration.ofDays(7), 100, "week"),
            new Quota(Duration.ofDays(1), 30, "day"),
            new Quota(Duration.ofHours(1), 10, "hour"));

    private Constraints() {}

    /** @return what is wrong with the body of a request; empty when it may be verified */
    static Optional<String> complaint(JsonNode body) {
        PlcOperation operation;
        try {
            if (DagCbor.encode(body).length > MAX_OPERATION) {
                return Optional.of("Operation too large (" + MAX_OPERATION + " bytes maximum in cbor encoding)");
            }
            operation = PlcOperation.of(body);
        } catch (IllegalArgumentException e) {
            return Optional.of("Not a valid operation: " + Json.write(body));
        }
        if (!hasOnlyKnownFields(operation)) {
            return Optional.of("Not a valid operation: " + Json.write(body));
        }
        return operation.kind() == PlcOperation.Kind.TOMBSTONE
                ? Optional.empty()
                : names(operation)
                        .or(() -> rotationKeys(operation))
                        .or(() -> services(operation))
                        .or(() -> verificationMethods(operation));
    }

    private static boolean hasOnlyKnownFields(PlcOperation operation) {
        Set<String> fields = new HashSet<>();
        operation.json().fieldNames().forEachRemaining(fields::add);
        return switch (operation.kind()) {
            case CREATE -> false; // The first format is history.
            case TOMBSTONE -> TOMBSTONE_FIELDS.equals(fields);
            case OPERATION -> OPERATION_FIELDS.equals(fields) && servicesAreStrict(operation);
        };
    }

    private static boolean servicesAreStrict(PlcOperation operation) {
        for (JsonNode service : operation.services()) {
            if (service.size() != SERVICE_FIELDS.size()) {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> names(PlcOperation operation) {
        if (operation.alsoKnownAs().size() > MAX_ENTRIES) {
            return Optional.of("To many alsoKnownAs entries (max " + MAX_ENTRIES + ")");
        }
        Set<String> seen = new HashSet<>();
        for (JsonNode name : operation.alsoKnownAs()) {
            String text = name.textValue();
            if (text.length() > MAX_NAME) {
                return Optional.of("alsoKnownAs entry too long (max " + MAX_NAME + "): " + text);
            }
            if (!seen.add(text)) {
                return Optional.of("duplicate alsoKnownAs entry: " + text);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> rotationKeys(PlcOperation operation) {
        if (operation.rotationKeys().size() > MAX_ENTRIES) {
            return Optional.of("Too many rotationKey entries (max " + MAX_ENTRIES + ")");
        }
        return operation.rotationKeys().stream()
                .filter(key -> DidKey.parse(key).isEmpty())
                .findFirst()
                .map(key -> "Invalid rotationKey: " + key);
    }

    private static Optional<String> services(PlcOperation operation) {
        if (operation.services().size() > MAX_ENTRIES) {
            return Optional.of("To many service entries (max " + MAX_ENTRIES + ")");
        }
        for (Map.Entry<String, JsonNode> service : operation.services().properties()) {
            if (service.getKey().length() > MAX_ID) {
                return Optional.of("Service id too long (max " + MAX_ID + "): " + service.getKey());
            }
            if (service.getValue().path("type").textValue().length() > MAX_SERVICE_TYPE) {
                return Optional.of("Service type too long (max " + MAX_SERVICE_TYPE + ")");
            }
            if (service.getValue().path("endpoint").textValue().length() > MAX_ENDPOINT) {
                return Optional.of("Service endpoint too long (max " + MAX_ENDPOINT + ")");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> verificationMethods(PlcOperation operation) {
        if (operation.verificationMethods().size() > MAX_ENTRIES) {
            return Optional.of("Too many Verification Method entries (max " + MAX_ENTRIES + ")");
        }
        for (Map.Entry<String, JsonNode> method : operation.verificationMethods().properties()) {
            String key = method.getValue().textValue();
            if (method.getKey().length() > MAX_ID) {
                return Optional.of("Verification Method id too long (max " + MAX_ID + "): " + method.getKey());
            }
            if (key.length() > MAX_KEY) {
                return Optional.of("Verification Method key too long (max " + MAX_KEY + "): " + key);
            }
            if (!key.matches("did:key:z[1-9A-HJ-NP-Za-km-z]+")) {
                return Optional.of("Invalid verificationMethod key: " + key);
            }
        }
        return Optional.empty();
    }

    /** @return the limit per DID that one more operation now would pass; recoveries are not held to it */
    static Optional<String> quotaPassed(List<SandboxOperation> log, Instant now) {
        for (Quota quota : QUOTAS) {
            Instant since = now.minus(quota.window);
            long recent = log.stream()
                    .filter(operation -> !operation.nullified() && operation.createdAt().isAfter(since))
                    .count();
            if (recent >= quota.most) {
                return Optional.of("To many operations within last " + quota.name + " (max " + quota.most + ")");
            }
        }
        return Optional.empty();
    }
}
