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
    private Optional<ExportedOperation> last = Optional.empty(); // before anything that could not be read
    private Instant time = Instant.EPOCH; // likewise
    private Instant greatest = Instant.EPOCH;
    private long seq;
    private boolean ascending = true;
    private boolean inTime = true;
    private boolean whole = true;

    /** Takes the next operations of the file. */
    public void add(List<ExportedOperation> operations) {
        for (ExportedOperation operation : operations) {
            ascending &= operation.seq() > seq;
            seq = operation.seq();
            inTime &= operation.createdAt().isAfter(greatest.minus(LATE));
            greatest = operation.createdAt().isAfter(greatest) ? operation.createdAt() : greatest;
            first = first.or(() -> Optional.of(operation));
            if (whole) {
                last = Optional.of(operation);
                time = greatest;
            }
        }
    }

    /**
     * Takes the next operations of the file, among which lines could not be read: what follows the first of those is not known
     * to follow what comes before.
     */
    public void add(List<ExportedOperation> operations, List<UnreadableLine> unreadable) {
        int readable = unreadable.isEmpty() ? operations.size() : unreadable.get(0).index();
        add(operations.subList(0, readable));
        whole &= unreadable.isEmpty();
        add(operations.subList(readable, operations.size()));
    }

    /** Whether all lines could be read. */
    boolean isWhole() {
        return whole;
    }

    /** The first operation; empty before any. */
    public Optional<ExportedOperation> first() {
        return first;
    }

    /** The last operation before anything that could not be read. */
    Optional<ExportedOperation> last() {
        return last;
    }

    /** Greatest createdAt before anything that could not be read. */
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
