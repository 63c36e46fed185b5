package dev.atmirror.plc;

import java.time.Instant;

/**
 * A complete line that is no operation, and where it stands.
 *
 * @param line its number in the body or file, from 1
 * @param nth of the unreadable lines behind the same readable one, from 0
 * @param index how many operations of the same page stand before it
 * @param seq sequence number of the last readable line before it; 0 without
 * @param time createdAt of the last readable line before it; {@link Instant#EPOCH} without
 */
public record UnreadableLine(String text, long line, int nth, int index, long seq, Instant time) {
    /** Locates the line by the cursor behind which it follows, so that it can be asked for again. */
    UnreadableLine behind(Position.Kind kind, long askedSeq, Instant askedTime) {
        return kind == Position.Kind.TIME
                ? new UnreadableLine(text, line, nth, index, 0, time.equals(Instant.EPOCH) ? askedTime : time)
                : new UnreadableLine(text, line, nth, index, seq == 0 ? askedSeq : seq, Instant.EPOCH);
    }

    /** Identifies the line in its log: equal texts at different places are different lines. */
    public String key() {
        return seq + " " + time + " " + nth + " " + text;
    }

    /** Whether it names an account, as a line of a log does and an error message of a server does not. */
    boolean namesAccount() {
        return text.contains("\"did:plc:");
    }

    /** Moves the line's numbers behind what precedes its page. */
    public UnreadableLine shifted(long lines) {
        return new UnreadableLine(text, line + lines, nth, index, seq, time);
    }
}
