package dev.atmirror.plc;

import java.time.Instant;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Where reading the upstream may go on once a file is stored. Nothing may be skipped, so the cursor moves only over what
 * is certainly there: the file must join what the cursor has read, or hold the log from its beginning. Where that is not
 * known, the cursor stays; what the upstream then sends once more is known by its CIDs.
 */
public final class Handover {
    private final String host;
    private final LongFunction<Optional<ExportedOperation>> upstream;

    /**
     * @param host for messages
     * @param upstream the first operation behind a sequence number, empty where nobody says
     */
    public Handover(String host, LongFunction<Optional<ExportedOperation>> upstream) {
        this.host = host;
        this.upstream = upstream;
    }

    /** @param position where the cursor is set; empty to leave it @param why for a person */
    public record Decision(Optional<Position> position, String why) {
        private static Decision stay(String why) {
            return new Decision(Optional.empty(), why);
        }
    }

    /**
     * @param present the upstream's cursor; empty without
     * @param whole whether the file holds the log from its beginning, whatever its order
     */
    public Decision decide(Optional<Position> present, Coverage file, boolean whole) {
        if (file.first().isEmpty()) {
            return Decision.stay("the file holds no operation, so reading goes on as before");
        }
        Position from = present.orElse(Position.START);
        boolean numbered = hasTheirNumbers(file);
        boolean ordered = whole || numbered || file.isInTime();
        if (!ordered || !whole && !joins(from, file, numbered) && !isBeginning(file.first().get())) {
            return Decision.stay("it is not known that nothing is missing before the file, so " + host
                    + (from.kind() == Position.Kind.UNKNOWN ? " is read from the beginning" : " is read on from the cursor")
                    + "; what is stored is passed over. `backfill plc-logs --from CURSOR` begins elsewhere");
        }
        return numbered ? byNumber(from, file) : byTime(from, file.time());
    }

    private static Decision byNumber(Position from, Coverage file) {
        long last = file.last().orElseThrow().seq();
        if (from.kind() == Position.Kind.SEQ && from.seq() >= last) {
            return Decision.stay("the cursor is already at " + from.seq() + ", behind the file");
        }
        Instant time = file.time().isAfter(from.time()) ? file.time() : from.time();
        return new Decision(Optional.of(new Position(Position.Kind.SEQ, last, time)), "reading goes on behind " + last);
    }

    private static Decision byTime(Position from, Instant time) {
        if (from.kind() != Position.Kind.UNKNOWN && !time.isAfter(from.time())) {
            return Decision.stay("the cursor is already at " + from.time() + ", behind the file");
        }
        return new Decision(
                Optional.of(new Position(Position.Kind.TIME, from.seq(), time)), "reading goes on at " + time);
    }

    private boolean joins(Position from, Coverage file, boolean numbered) {
        ExportedOperation first = file.first().orElseThrow();
        return switch (from.kind()) {
            case SEQ -> numbered && (first.seq() <= from.seq() + 1 || isSame(first, upstream.apply(from.seq())));
            case TIME -> file.isInTime() && !first.createdAt().isAfter(from.time());
            case UNKNOWN -> false;
        };
    }

    private boolean isBeginning(ExportedOperation first) {
        return isSame(first, upstream.apply(0));
    }

    /** A mirror's export bears the mirror's numbers: the upstream's only where it has mirrored that one from its beginning. */
    private boolean hasTheirNumbers(Coverage file) {
        if (!file.isNumbered()) {
            return false;
        }
        ExportedOperation last = file.last().orElseThrow();
        Optional<ExportedOperation> theirs = upstream.apply(last.seq() - 1);
        return theirs.filter(operation -> operation.seq() == last.seq()).isPresent() && isSame(last, theirs);
    }

    private static boolean isSame(ExportedOperation one, Optional<ExportedOperation> other) {
        return other.filter(same -> same.did().equals(one.did()) && same.cid().equals(one.cid())).isPresent();
    }
}
