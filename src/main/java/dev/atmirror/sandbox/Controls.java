package dev.atmirror.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The paths under {@code /_sandbox}, which no real directory has: what stands, and orders to misbehave. All take and
 * give JSON; neither limit nor faults apply to them.
 */
final class Controls {
    private static final String CLOSE_STREAMS = "closeStreams";
    private static final int MAX_GROWTH = 10_000; // in one request, which the event loop waits for

    private final Sandbox sandbox;

    Controls(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    void addTo(Router router) {
        router.get("/_sandbox").handler(this::status);
        router.post("/_sandbox/faults").handler(this::faults);
        router.post("/_sandbox/late").handler(this::late);
        router.post("/_sandbox/grow").handler(this::grow);
    }

    private void status(RoutingContext context) {
        ObjectNode status = Json.MAPPER.createObjectNode();
        status.put("head", sandbox.head())
                .put("operations", sandbox.size())
                .put("streams", sandbox.streams())
                .put("pages", sandbox.pages());
        ObjectNode faults = status.putObject("faults");
        sandbox.faults().forEach((fault, times) -> faults.put(fault.key(), times));
        Answers.json(context, 200, Json.write(status));
    }

    /** {@code {"serverError": 2, "closeStreams": "OutdatedCursor"}}: how often, by name; a reason to end streams. */
    private void faults(RoutingContext context) {
        Optional<JsonNode> body = body(context);
        if (body.isEmpty()) {
            return;
        }
        Map<Fault, Integer> times = new EnumMap<>(Fault.class);
        for (Map.Entry<String, JsonNode> field : body.get().properties()) {
            Optional<Fault> fault = Fault.named(field.getKey());
            boolean closing = field.getKey().equals(CLOSE_STREAMS) && field.getValue().isTextual();
            if (!closing && (fault.isEmpty() || !isCount(field.getValue()))) {
                Answers.message(context, 400, "no such fault, or no number of times: " + field.getKey());
                return;
            }
            fault.ifPresent(known -> times.put(known, field.getValue().intValue()));
        }
        sandbox.faults(times);
        Optional.ofNullable(body.get().path(CLOSE_STREAMS).textValue()).ifPresent(sandbox::closeStreams);
        status(context);
    }

    /** {@code {"seconds": 5}}: how far behind the newest operation the time of the new one lies. */
    private void late(RoutingContext context) {
        number(context, "seconds", Integer.MAX_VALUE)
                .ifPresent(seconds -> Answers.json(
                        context, 200, sandbox.late(Duration.ofSeconds(seconds)).sequencedLine()));
    }

    /** {@code {"operations": 100}}: how many are to happen at once. */
    private void grow(RoutingContext context) {
        number(context, "operations", MAX_GROWTH).ifPresent(operations -> {
            sandbox.grow(operations);
            status(context);
        });
    }

    private static Optional<Integer> number(RoutingContext context, String field, int most) {
        Optional<JsonNode> body = body(context);
        if (body.isEmpty()) {
            return Optional.empty();
        }
        JsonNode value = body.get().path(field);
        if (!isCount(value) || value.intValue() > most) {
            Answers.message(context, 400, field + " must be a number from 0 to " + most);
            return Optional.empty();
        }
        return Optional.of(value.intValue());
    }

    private static boolean isCount(JsonNode value) {
        return value.canConvertToInt() && value.isIntegralNumber() && value.intValue() >= 0;
    }

    /** The JSON object in the body; without one the request is answered and nothing comes back. */
    static Optional<JsonNode> body(RoutingContext context) {
        try {
            JsonNode body = Json.parse(Optional.ofNullable(context.body().asString()).orElse(""));
            if (body.isObject()) {
                return Optional.of(body);
            }
        } catch (JsonProcessingException e) {
            // Told below, like any other text that is no object.
        }
        Answers.message(context, 400, "the body must be a JSON object");
        return Optional.empty();
    }
}
