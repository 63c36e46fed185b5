package dev.atmirror.plc;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * One line of an export or one message of the stream, not yet verified.
 *
 * @param cid as claimed by the upstream
 * @param seq the upstream's sequence number; 0 in the legacy format, which has none
 * @param operation any JSON value: nothing is known of it yet
 */
public record ExportedOperation(String did, String cid, Instant createdAt, long seq, JsonNode operation) {}
