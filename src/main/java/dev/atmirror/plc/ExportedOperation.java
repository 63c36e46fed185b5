package dev.atmirror.plc;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * One line of an export or one message of the stream, not yet verified.
 *
 * @param cid as claimed by the upstream
 * @param seq the upstream's sequence number; 0 in the legacy format, which has none
 * @param operation any JSON value: nothing is known of it yet
 */
public record ExportedOperation(String did, String cid, Instant createdAt, long seq, JsonNode operation) {
    /** PostgreSQL and JSON stop at year 9999. */
    static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    /** @throws IllegalArgumentException for a time that is none, or that no log could hold */
    public static ExportedOperation of(String did, String cid, String createdAt, long seq, JsonNode operation) {
        try {
            return of(did, cid, Times.parse(createdAt), seq, operation);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("createdAt is no time", e);
        }
    }

    static ExportedOperation of(String did, String cid, Instant createdAt, long seq, JsonNode operation) {
        if (createdAt.isBefore(Instant.EPOCH) || createdAt.isAfter(LATEST)) {
            throw new IllegalArgumentException("createdAt is out of range");
        }
        return new ExportedOperation(did, cid, createdAt, seq, operation);
    }
}
