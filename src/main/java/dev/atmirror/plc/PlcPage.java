package dev.atmirror.plc;

import java.util.List;
import java.util.Optional;

/**
 * What one request, or one batch of stream messages, brought.
 *
 * @param epoch the reading it belongs to: pages of an epoch that a failure ended are dropped unseen
 * @param number 1, 2, 3… within the epoch, so that storing can tell that none is missing
 * @param unparsable complete lines that are no operation, kept so that nothing vanishes silently
 * @param caughtUp whether nothing was left to read behind it
 * @param next the position once everything here is stored
 * @param notes of its operations, where the source has any
 * @param reread present where lines were asked for again that could not be read before
 */
public record PlcPage(
        int epoch,
        long number,
        List<ExportedOperation> operations,
        List<UnreadableLine> unparsable,
        boolean caughtUp,
        Position next,
        List<OperationNote> notes,
        Optional<Reread> reread) {
    /**
     * Lines that were asked for again.
     *
     * @param asked ids in {@code rejected_operations} of all of them
     * @param read of those that can be read now
     */
    public record Reread(List<Long> asked, List<Long> read) {}

    /** Without notes, as an upstream has none. */
    public PlcPage(
            int epoch,
            long number,
            List<ExportedOperation> operations,
            List<UnreadableLine> unparsable,
            boolean caughtUp,
            Position next) {
        this(epoch, number, operations, unparsable, caughtUp, next, List.of(), Optional.empty());
    }
}
