package dev.atmirror.plc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads JSON lines of either export format.
 *
 * @param unparsable complete lines that are no operation
 * @param lastLineBroken whether the body ended in the middle of a line, which is a cut rather than bad data
 * @param unknownTypes lines of a type this version does not know; skipped as the specification asks
 */
public record ExportLines(
        List<ExportedOperation> operations,
        List<String> unparsable,
        boolean lastLineBroken,
        int unknownTypes,
        int blank,
        int lines) {

    private static final int MAX_BODY = 64 << 20; // 1,000 lines are 0.7 MB; nothing honest comes near
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z"); // PostgreSQL and JSON stop at year 9999
    private static final String SEQUENCED = "sequenced_op";

    /** Reads all of a body, within a bound. */
    public static byte[] body(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            if (out.size() > MAX_BODY) {
                throw new UpstreamFailure("too_large", "a page of more than " + MAX_BODY + " bytes");
            }
        }
        return out.toByteArray();
    }

    public static ExportLines read(byte[] body) {
        int start = 0;
        while (start < body.length && Character.isWhitespace(body[start])) {
            start++;
        }
        if (start < body.length && body[start] == '<') {
            throw new UpstreamFailure("html", "HTML in place of JSON lines");
        }
        List<ExportedOperation> operations = new ArrayList<>(1000);
        List<String> unparsable = new ArrayList<>(0);
        boolean broken = false;
        int unknown = 0;
        int blank = 0;
        int lines = 0;
        for (int from = 0; from < body.length; ) {
            int to = from;
            while (to < body.length && body[to] != '\n') {
                to++;
            }
            String line = new String(body, from, to - from, StandardCharsets.UTF_8).strip();
            lines++;
            if (line.isEmpty()) {
                blank++;
            } else {
                try {
                    JsonNode node = Json.parse(line);
                    if (node.has("type") && !SEQUENCED.equals(node.path("type").asText())) {
                        unknown++;
                    } else {
                        operations.add(operation(node));
                    }
                } catch (JsonProcessingException | IllegalArgumentException e) {
                    if (to >= body.length && e instanceof JsonProcessingException) {
                        broken = true;
                    } else {
                        unparsable.add(line);
                    }
                }
            }
            from = to + 1;
        }
        return new ExportLines(operations, unparsable, broken, unknown, blank, lines);
    }

    private static ExportedOperation operation(JsonNode node) {
        JsonNode operation = node.get("operation");
        if (!node.path("did").isTextual() || !node.path("cid").isTextual() || operation == null) {
            throw new IllegalArgumentException("did, cid or operation is missing");
        }
        Instant createdAt;
        try {
            createdAt = Instant.parse(node.path("createdAt").asText());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("createdAt is no time", e);
        }
        if (createdAt.isBefore(Instant.EPOCH) || createdAt.isAfter(LATEST)) {
            throw new IllegalArgumentException("createdAt is out of range");
        }
        long seq = node.path("seq").canConvertToLong() ? Math.max(0, node.path("seq").longValue()) : 0;
        return new ExportedOperation(node.get("did").textValue(), node.get("cid").textValue(), createdAt, seq, operation);
    }
}
