package dev.atmirror.plc;

import java.time.Instant;

/**
 * Where reading an upstream stands.
 *
 * @param kind which of the two cursors the upstream understands
 * @param seq last sequence number read; 0 before the first and for upstreams without them
 * @param time greatest createdAt read; {@link Instant#EPOCH} before the first
 */
public record Position(Kind kind, long seq, Instant time) {
    /** {@code UNKNOWN} until the upstream has shown a line. */
    public enum Kind {
        UNKNOWN,
        SEQ,
        TIME
    }

    public static final Position START = new Position(Kind.UNKNOWN, 0, Instant.EPOCH);
}
