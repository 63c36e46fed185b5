package dev.atmirror.snapshot;

import dev.atmirror.store.LogVerification;
import dev.atmirror.store.RestoredState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a restore into empty tables has left.
 *
 * @param rows by table, as the file has them
 * @param verified empty where the file was trusted
 * @param cursors behind which reading goes on
 */
public record RestoredLog(
        String file,
        Map<String, Long> rows,
        Optional<LogVerification.Outcome> verified,
        List<RestoredState.Cursor> cursors) {

    /** For a person. */
    public List<String> sentences() {
        List<String> lines = new ArrayList<>();
        long all = rows.values().stream().mapToLong(Long::longValue).sum();
        lines.add(said("%s  %,d rows restored, %s", file, all, verified.isPresent() ? "every operation verified" : "not verified"));
        verified.ifPresent(found -> {
            if (found.allQuarantined() > 0) {
                lines.add(said(
                        "%,d operations failed and are kept in rejected_operations: %s", found.allQuarantined(), found.quarantined()));
            }
            if (found.corrected() + found.heads() + found.doubled() + found.emptied() > 0) {
                lines.add(said(
                        "corrected: %,d operations, %,d heads of accounts; removed: %,d doubled rows, %,d accounts without operations",
                        found.corrected(),
                        found.heads(),
                        found.doubled(),
                        found.emptied()));
            }
        });
        for (RestoredState.Cursor cursor : cursors) {
            lines.add(cursor.sentence());
        }
        return lines;
    }

    private static String said(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
