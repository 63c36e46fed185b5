package dev.atmirror.snapshot;

import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.OperationNote;
import dev.atmirror.plc.UnreadableLine;
import java.util.List;
import java.util.Optional;

/**
 * A page of a file.
 *
 * @param operations at most a page's size, in the order of the file
 * @param unparsable lines or rows that are no operation, by their number in the file
 * @param notes of these operations, where the file has any
 * @param rows lines or rows of the file up to here, blank ones included: behind them another reading goes on
 * @param cut whether the file ends in the middle of its last line, which is not among the operations
 * @param content digest of all lines of the file up to here; empty where nobody can go on behind them
 */
public record RestoredPage(
        List<ExportedOperation> operations,
        List<UnreadableLine> unparsable,
        List<OperationNote> notes,
        long rows,
        boolean cut,
        Optional<String> content) {}
