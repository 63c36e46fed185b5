package dev.atmirror.plc;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Which stretch of a log a file holds, as far as the file can say it. Not thread-safe. */
public final class Coverage {
    /** Late commits appear behind later ones, by seconds; what lies further back was not written in the order of a log. */
    static final Duration LATE = Duration.ofMinutes(2);

    private Optional<ExportedOperation> first = Optional.empty();
    private Optional<ExportedOperation> last = Optional.empty();
    private Instant time = Instant.EPOCH;
    private boolean ascending = true;
    private boolean inTime = true;

    /** Takes the next operations of the file. */
    public void add(List<ExportedOperation> operations) {
        for (ExportedOperation operation : operations) {
            ascending &= operation.seq() > last.map(ExportedOperation::seq).orElse(0L);
            inTime &= operation.createdAt().isAfter(time.minus(LATE));
            time = operation.createdAt().isAfter(time) ? operation.createdAt() : time;
            first = first.or(() -> Optional.of(operation));
            last = Optional.of(operation);
        }
    }

    /** The first operation; empty before any. */
    public Optional<ExportedOperation> first() {
        return first;
    }

    Optional<ExportedOperation> last() {
        return last;
    }

    /** Greatest createdAt. */
    Instant time() {
        return time;
    }

    /** Whether every operation has a number, and each a greater one than the one before. */
    boolean isNumbered() {
        return ascending && last.isPresent();
    }

    /** Whether times grow, but for late commits. */
    boolean isInTime() {
        return inTime;
    }
}
