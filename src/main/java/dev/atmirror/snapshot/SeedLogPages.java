package dev.atmirror.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.OperationNote;
import dev.atmirror.plc.UnreadableLine;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code plc_log_entries} as the seed project dumps it: text times, jsonb operations, its columns in any order. Rows come
 * as they lay on its disk, which is the order of the log but for those that were written once more with notes.
 */
public final class SeedLogPages implements RestoredPages {
    private static final int MOST_BYTES = 4 << 20; // of a page, should all its rows be long ones
    private static final int KEPT_OF_A_BAD_ROW = 1 << 14;

    private final InputStream in;
    private final CopyRows copy;
    private final int pageSize;
    private long rows;
    private boolean ended;

    /** @param file for messages */
    public SeedLogPages(String file, InputStream in, int pageSize) {
        this.in = in;
        this.copy = new CopyRows(file, "plc_log_entries", in);
        this.pageSize = pageSize;
    }

    @Override
    public Optional<RestoredPage> next() throws IOException {
        List<ExportedOperation> operations = new ArrayList<>(pageSize);
        List<UnreadableLine> unparsable = new ArrayList<>(0);
        List<OperationNote> notes = new ArrayList<>(0);
        long bytes = 0;
        int count = 0;
        while (!ended && count < pageSize && bytes < MOST_BYTES) {
            ended = !copy.next();
            if (!ended) {
                count++;
                bytes += take(operations, unparsable, notes);
            }
        }
        rows += count;
        return count == 0
                ? Optional.empty()
                : Optional.of(new RestoredPage(operations, unparsable, notes, rows, false, Optional.of(copy.digest())));
    }

    private int take(List<ExportedOperation> operations, List<UnreadableLine> unparsable, List<OperationNote> notes) {
        try {
            if (!copy.split()) {
                throw new IllegalArgumentException("not as many fields as columns");
            }
            ExportedOperation operation =
                    ExportedOperation.of(text("did"), text("cid"), text("plc_timestamp"), 0, operation());
            Optional<OperationNote> note = note(operation);
            operations.add(operation);
            note.ifPresent(notes::add);
        } catch (IOException | IllegalArgumentException e) {
            unparsable.add(new UnreadableLine(
                    copy.raw(KEPT_OF_A_BAD_ROW), copy.lineNumber(), 0, operations.size(), 0, Instant.EPOCH));
        }
        return copy.length();
    }

    private String text(String column) {
        return copy.field(copy.column(column))
                .orElseThrow(() -> new IllegalArgumentException(column + " is missing"));
    }

    private JsonNode operation() throws IOException {
        int column = copy.column("operation");
        return column >= 0 && copy.isPlain(column)
                ? Json.parseAscii(copy.bytes(), copy.from(column), copy.to(column))
                : Json.parse(text("operation"));
    }

    private Optional<OperationNote> note(ExportedOperation operation) {
        String notes = copy.field(copy.column("notes")).orElse("");
        int filtered = copy.field(copy.column("filtered")).map(Integer::parseInt).orElse(0);
        return notes.isEmpty() && filtered == 0
                ? Optional.empty()
                : Optional.of(new OperationNote(operation.did(), operation.cid(), notes, filtered));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
