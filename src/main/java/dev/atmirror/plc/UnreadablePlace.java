package dev.atmirror.plc;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A place in an upstream's log where lines could not be read, to be asked for again.
 *
 * @param rows ids of the lines in {@code rejected_operations} that are asked for again
 * @param lines unreadable ones at this place, those that were given up included
 * @param seq sequence number behind which they follow; 0 where the upstream was read by time
 * @param time createdAt behind which they follow; {@link Instant#EPOCH} where the upstream was read by number
 */
public record UnreadablePlace(List<Long> rows, int lines, long seq, Instant time) {
    /** An upstream that was read by number once and is read by time now knows no number. */
    private boolean isByTime(Position.Kind kind) {
        return kind == Position.Kind.TIME || time.isAfter(Instant.EPOCH);
    }

    /** The query that brings the lines again, and hardly anything else where there are numbers. */
    String query(Position.Kind kind, int pageSize) {
        return isByTime(kind)
                // A line may share the millisecond of the one before it, which a time cannot get between.
                ? "count=" + pageSize + "&after=" + Times.format(time.minusMillis(time.isAfter(Instant.EPOCH) ? 1 : 0))
                : "count=" + Math.min(lines, pageSize) + "&after=" + seq;
    }

    /** Whether the answer to {@link #query} can be read where the lines stood; those that were given up may be as bad as before. */
    boolean isReadable(Position.Kind kind, ExportLines answer) {
        boolean somethingRead = !answer.operations().isEmpty() || answer.unknownTypes() > 0;
        boolean byTime = isByTime(kind);
        long unreadable = Stream.concat(answer.unparsable().stream(), answer.brokenLine().stream())
                .filter(line -> isHere(byTime, line))
                .count();
        return somethingRead && unreadable <= lines - rows.size();
    }

    private boolean isHere(boolean byTime, UnreadableLine line) {
        return !byTime || line.time().equals(time) || line.time().equals(Instant.EPOCH);
    }
}
