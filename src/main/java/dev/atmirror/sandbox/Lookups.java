package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.DidDocument;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.PlcOperation;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** The directory's answers about one DID. Deliberately invalid operations do not show in them. */
final class Lookups {
    private static final String DID_DOCUMENT = "application/did+ld+json; charset=utf-8";
    private static final String JSON = "application/json; charset=utf-8";

    private final SandboxLog log;

    Lookups(SandboxLog log) {
        this.log = log;
    }

    void addTo(Router router) {
        router.get("/:did").handler(context -> current(context, DID_DOCUMENT, DidDocument::of));
        router.get("/:did/data").handler(context -> current(context, JSON, (did, operation) -> operation.data(did)));
        router.get("/:did/log").handler(context -> known(context, (did, operations) -> operations.stream()
                .filter(operation -> !operation.nullified())
                .map(operation -> Json.write(operation.operation().json()))
                .collect(Collectors.joining(",", "[", "]"))));
        router.get("/:did/log/audit").handler(context -> known(context, (did, operations) -> operations.stream()
                .map(SandboxOperation::legacyLine)
                .collect(Collectors.joining(",", "[", "]"))));
        router.get("/:did/log/last").handler(context ->
                known(context, (did, operations) -> Json.write(head(operations).json())));
    }

    private void known(RoutingContext context, BiFunction<String, List<SandboxOperation>, String> answer) {
        find(context, (did, operations) -> Answers.json(context, 200, answer.apply(did, operations)));
    }

    private void current(RoutingContext context, String type, BiFunction<String, PlcOperation, ObjectNode> render) {
        find(context, (did, operations) -> {
            PlcOperation head = head(operations);
            if (head.kind() == PlcOperation.Kind.TOMBSTONE) {
                Answers.message(context, 404, "DID not available: " + did);
            } else {
                Answers.body(context, 200, type, Json.write(render.apply(did, head)));
            }
        });
    }

    private void find(RoutingContext context, BiConsumer<String, List<SandboxOperation>> found) {
        String did = context.pathParam("did");
        List<SandboxOperation> operations = log.ofDid(did);
        if (operations.isEmpty()) {
            Answers.message(context, 404, "DID not registered: " + did);
        } else {
            found.accept(did, operations);
        }
    }

    private static PlcOperation head(List<SandboxOperation> operations) {
        // The last operation committed is never a nullified one.
        return operations.get(operations.size() - 1).operation();
    }
}
