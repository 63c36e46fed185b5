package dev.atmirror.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.Times;
import java.time.Instant;

/** One operation in a log, in the shapes that an export gives it. */
public record LogLine(long seq, String did, String cid, Instant createdAt, ObjectNode operation) {
    public String sequenced() {
        ObjectNode line = Json.MAPPER.createObjectNode().put("type", "sequenced_op").put("seq", seq);
        return Json.write(common(line));
    }

    public String legacy() {
        return Json.write(common(Json.MAPPER.createObjectNode().put("nullified", false)));
    }

    private ObjectNode common(ObjectNode line) {
        line.put("did", did).put("cid", cid).put("createdAt", Times.format(createdAt));
        line.set("operation", operation);
        return line;
    }

    public ExportedOperation exported() {
        return new ExportedOperation(did, cid, createdAt, seq, operation);
    }

    public LogLine at(Instant time) {
        return new LogLine(seq, did, cid, time, operation);
    }

    public LogLine numbered(long number) {
        return new LogLine(number, did, cid, createdAt, operation);
    }
}
