package dev.atmirror.plc;

import java.time.Instant;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * From reading an upstream to a file, and back to the upstream.
 *
 * <p>Invariants: a log is judged in its order, so a file must not leave a gap behind what is there; and nothing may be
 * skipped, so the upstream's cursor moves only over what is certainly stored. What is not known counts as not so: the
 * cursor stays, and what the upstream then sends once more is known by its CIDs.
 */
public final class Handover {
    private final String host;
    private final LongFunction<Optional<ExportedOperation>> upstream;

    /**
     * @param host for messages
     * @param upstream the first operation behind a sequence number; empty where nobody says
     */
    public Handover(String host, LongFunction<Optional<ExportedOperation>> upstream) {
        this.host = host;
        this.upstream = upstream;
    }

    /** @param position where the cursor is set; empty to leave it @param why for a person */
    public record Decision(Optional<Position> position, String why) {
        /** The cursor stays where it is. @param why for a person */
        public static Decision stay(String why) {
            return new Decision(Optional.empty(), why);
        }
    }

    /**
     * Whether the file goes on where the cursor stands, at the latest, or holds the log from its beginning.
     *
     * @param present the upstream's cursor; empty without
     * @param first operation of the file
     */
    public boolean isJoined(Optional<Position> present, ExportedOperation first) {
        return joins(present.orElse(Position.START), first) || isSame(first, upstream.apply(0));
    }

    /**
     * What becomes of the cursor once the file is stored.
     *
     * @param whole whether the file holds the log from its beginning, whatever its order
     */
    public Decision decide(Optional<Position> present, Coverage file, boolean whole) {
        if (file.first().isEmpty()) {
            return Decision.stay("the file holds no operation, so reading goes on as before");
        }
        if (file.last().isEmpty()) {
            return Decision.stay("the file's first line could not be read, so reading goes on as before");
        }
        Position from = present.orElse(Position.START);
        ExportedOperation last = file.last().orElseThrow();
        boolean numbered = file.isNumbered() && hasTheirNumber(last);
        // Where a line could not be read, only an order tells what lies before it.
        boolean ordered = whole && file.isWhole() || numbered || file.isInTime();
        if (!ordered || !whole && !isJoined(present, file.first().get())) {
            return Decision.stay("it is not known that nothing is missing before the file, so " + host
                    + (from.kind() == Position.Kind.UNKNOWN ? " is read from the beginning" : " is read on from its cursor")
                    + " and what is there passed over; `backfill plc-logs --from CURSOR` begins elsewhere");
        }
        // A line that could not be read may be of an operation that came late.
        Instant time = file.isWhole() ? file.time() : file.time().minus(Coverage.LATE);
        return numbered ? byNumber(from, last.seq(), time) : byTime(from, time);
    }

    private static Decision byNumber(Position from, long last, Instant time) {
        if (from.kind() == Position.Kind.SEQ && from.seq() >= last) {
            return Decision.stay("the cursor is already at " + from.seq() + ", behind the file");
        }
        Instant greatest = time.isAfter(from.time()) ? time : from.time();
        return new Decision(
                Optional.of(new Position(Position.Kind.SEQ, last, greatest)), "reading goes on behind " + last);
    }

    private static Decision byTime(Position from, Instant time) {
        if (from.kind() != Position.Kind.UNKNOWN && !time.isAfter(from.time())) {
            return Decision.stay("the cursor is already at " + from.time() + ", behind the file");
        }
        return new Decision(
                Optional.of(new Position(Position.Kind.TIME, from.seq(), time)), "reading goes on at " + time);
    }

    private boolean joins(Position from, ExportedOperation first) {
        if (from.kind() == Position.Kind.UNKNOWN) {
            return false;
        }
        boolean byNumber = from.kind() == Position.Kind.SEQ
                && hasTheirNumber(first)
                && (first.seq() <= from.seq() + 1 || isSame(first, upstream.apply(from.seq())));
        return byNumber || !first.createdAt().isAfter(from.time().minus(Coverage.LATE));
    }

    /** A mirror's export bears the mirror's numbers: the upstream's only where it has mirrored that one from its beginning. */
    private boolean hasTheirNumber(ExportedOperation operation) {
        Optional<ExportedOperation> theirs = operation.seq() > 0 ? upstream.apply(operation.seq() - 1) : Optional.empty();
        return theirs.filter(same -> same.seq() == operation.seq()).isPresent() && isSame(operation, theirs);
    }

    private static boolean isSame(ExportedOperation one, Optional<ExportedOperation> other) {
        return other.filter(same -> same.did().equals(one.did()) && same.cid().equals(one.cid())).isPresent();
    }
}
