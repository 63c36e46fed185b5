package dev.atmirror.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts the rows of each COPY block in plain SQL as it comes by, in pieces cut anywhere. */
final class CopyBlocks {
    private static final Pattern BEGIN =
            Pattern.compile("COPY (?:(?:\"[^\"]+\"|[^\". ]+)\\.)?(?:\"([^\"]+)\"|([^\". ]+)) (?:\\(.*\\) )?FROM stdin;");
    private static final int LONGEST_BEGIN = 4096; // no line that begins a block is longer

    private final Map<String, Long> rows = new LinkedHashMap<>();
    private final byte[] line = new byte[LONGEST_BEGIN];
    private long length; // of the present line so far
    private Optional<String> table = Optional.empty();
    private long rowsOfTable;

    void take(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                endOfLine();
                length = 0;
            } else {
                if (length < LONGEST_BEGIN) {
                    line[(int) length] = bytes[i];
                }
                length++;
            }
        }
    }

    private void endOfLine() {
        if (table.isEmpty()) {
            beginOf().ifPresent(name -> {
                table = Optional.of(name);
                rowsOfTable = rows.getOrDefault(name, 0L);
            });
        } else if (length == 2 && line[0] == '\\' && line[1] == '.') {
            rows.put(table.get(), rowsOfTable);
            table = Optional.empty();
        } else {
            rowsOfTable++;
        }
    }

    private Optional<String> beginOf() {
        if (length > LONGEST_BEGIN || length < 5 || line[0] != 'C') {
            return Optional.empty();
        }
        Matcher begin = BEGIN.matcher(new String(line, 0, (int) length, StandardCharsets.UTF_8));
        return begin.matches()
                ? Optional.of(begin.group(1) == null ? begin.group(2) : begin.group(1))
                : Optional.empty();
    }

    /** By table, of the blocks that have ended. */
    Map<String, Long> rows() {
        return new LinkedHashMap<>(rows);
    }

    /** The table whose block has begun and not ended. */
    Optional<String> open() {
        return table;
    }

    /** Rows so far of the table that is {@link #open}. */
    long rowsOfOpen() {
        return rowsOfTable;
    }
}
