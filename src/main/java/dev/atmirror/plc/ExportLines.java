package dev.atmirror.plc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads JSON lines of either export format.
 *
 * @param unparsable complete lines that are no operation
 * @param brokenLine in the middle of which the body ended, which is a cut rather than bad data
 * @param unknownTypes lines of a type this version does not know; skipped as the specification asks
 * @param lastSeq greatest sequence number of all lines, skipped ones included, so that reading gets past those; or 0
 * @param lastTime greatest createdAt of all lines, likewise; {@link Instant#EPOCH} without
 */
public record ExportLines(
        List<ExportedOperation> operations,
        List<UnreadableLine> unparsable,
        Optional<UnreadableLine> brokenLine,
        int unknownTypes,
        int blank,
        int lines,
        long lastSeq,
        Instant lastTime) {

    private static final String SEQUENCED = "sequenced_op";

    /** Reads the body of a page. */
    public static ExportLines read(byte[] body) {
        ExportLines lines = ofFile(body);
        if (lines.isGarbage() && startsWithTag(body)) {
            throw new UpstreamFailure("html", "HTML in place of JSON lines");
        }
        return lines;
    }

    private static boolean startsWithTag(byte[] body) {
        int start = 0;
        while (start < body.length && Character.isWhitespace(body[start])) {
            start++;
        }
        return start < body.length && body[start] == '<';
    }

    /** Reads a part of a file, whose last line may lack its end only where the file does. */
    public static ExportLines ofFile(byte[] body) {
        Reader reader = new Reader();
        for (int from = 0; from < body.length; ) {
            int to = from;
            byte seen = 0; // negative once a byte beyond ASCII was
            while (to < body.length && body[to] != '\n') {
                seen |= body[to++];
            }
            if (seen < 0 || !reader.plainLine(body, from, to)) {
                reader.line(new String(body, from, to - from, StandardCharsets.UTF_8).strip(), to >= body.length);
            }
            from = to + 1;
        }
        return reader.result();
    }

    /** Reads messages of the stream, each of them whole. */
    public static ExportLines of(List<String> messages) {
        Reader reader = new Reader();
        messages.forEach(message -> reader.line(message.strip(), false));
        return reader.result();
    }

    /** Whether the body ended in the middle of a line. */
    public boolean lastLineBroken() {
        return brokenLine.isPresent();
    }

    /** Whether no line of it could be read. */
    boolean isUnreadable() {
        return operations.isEmpty() && unknownTypes == 0 && (brokenLine.isPresent() || !unparsable.isEmpty());
    }

    /** Whether there is nothing in it that a log could hold, such as the error message of a server. */
    boolean isGarbage() {
        return isUnreadable()
                && Stream.concat(unparsable.stream(), brokenLine.stream()).noneMatch(UnreadableLine::namesAccount);
    }

    private static final class Reader {
        final List<ExportedOperation> operations = new ArrayList<>(1000);
        final List<UnreadableLine> unparsable = new ArrayList<>(0);
        Optional<UnreadableLine> broken = Optional.empty();
        int unreadable; // since the last line that could be read
        long readSeq; // of that line
        Instant readTime = Instant.EPOCH;
        int unknown;
        int blank;
        int lines;
        long lastSeq;
        Instant lastTime = Instant.EPOCH;

        /** @return false for a line that needs the closer look of {@link #line}, and did not count yet */
        boolean plainLine(byte[] body, int from, int to) {
            // The parser would take a line of other bytes for another encoding than UTF-8.
            if (to - from < 2 || body[from] != '{' || body[from + 1] != '"') {
                return false;
            }
            try {
                read(Json.parseAscii(body, from, to));
            } catch (IOException | IllegalArgumentException e) {
                return false;
            }
            lines++;
            return true;
        }

        void line(String line, boolean openEnd) {
            lines++;
            if (line.isEmpty()) {
                blank++;
                return;
            }
            try {
                read(Json.parse(line));
            } catch (JsonProcessingException e) {
                if (openEnd) {
                    broken = Optional.of(unreadable(line));
                } else {
                    unparsable.add(unreadable(line));
                }
            } catch (IllegalArgumentException e) {
                unparsable.add(unreadable(line));
            }
        }

        private UnreadableLine unreadable(String line) {
            return new UnreadableLine(line, lines, unreadable++, operations.size(), readSeq, readTime);
        }

        private void read(JsonNode node) {
            lastSeq = Math.max(lastSeq, seq(node));
            Optional<Instant> createdAt = createdAt(node);
            lastTime = createdAt
                    .filter(time -> time.isAfter(lastTime) && time.isBefore(ExportedOperation.LATEST))
                    .orElse(lastTime);
            if (node.has("type") && !SEQUENCED.equals(node.path("type").asText())) {
                unknown++;
            } else {
                operations.add(operation(node, createdAt));
            }
            unreadable = 0;
            readSeq = Math.max(readSeq, seq(node));
            readTime = createdAt.orElse(readTime);
        }

        ExportLines result() {
            return new ExportLines(operations, unparsable, broken, unknown, blank, lines, lastSeq, lastTime);
        }
    }

    private static long seq(JsonNode node) {
        JsonNode seq = node.path("seq");
        return seq.isIntegralNumber() && seq.canConvertToLong() ? Math.max(0, seq.longValue()) : 0;
    }

    /** Whether its absence matters is for the operation to say. */
    private static Optional<Instant> createdAt(JsonNode node) {
        try {
            return Optional.of(Times.parse(node.path("createdAt").asText()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static ExportedOperation operation(JsonNode node, Optional<Instant> time) {
        JsonNode operation = node.get("operation");
        if (!node.path("did").isTextual() || !node.path("cid").isTextual() || operation == null) {
            throw new IllegalArgumentException("did, cid or operation is missing");
        }
        Instant createdAt = time.orElseThrow(() -> new IllegalArgumentException("createdAt is no time"));
        return ExportedOperation.of(
                node.get("did").textValue(), node.get("cid").textValue(), createdAt, seq(node), operation);
    }
}
