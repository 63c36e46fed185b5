package dev.atmirror.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the COPY blocks in plain SQL as it comes by, in pieces cut anywhere, counts their rows and hands them on. Nothing
 * else of the SQL is looked at.
 */
final class CopyBlocks {
    private static final Pattern BEGIN = Pattern.compile(
            "COPY (?:(?:\"[^\"]+\"|[^\". ]+)\\.)?(?:\"([^\"]+)\"|([^\". ]+)) (?:\\((.*)\\) )?FROM stdin;");
    private static final Pattern COLUMN = Pattern.compile("\"((?:[^\"]|\"\")+)\"|[^\", ]+");
    private static final int LONGEST_BEGIN = 4096; // no line that begins a block is longer
    private static final int LONGEST_LOOK = 3; // of a row that tells it from the end of its block
    private static final byte[] END = {'\\', '.'};

    /** Takes the rows of one block after the other, as COPY writes them, in pieces cut anywhere. */
    interface Rows {
        /** @param columns empty where the file names none */
        void begin(String table, List<String> columns);

        void rows(byte[] bytes, int from, int count);

        void end(long rows);
    }

    private static final Rows NOWHERE = new Rows() {
        @Override
        public void begin(String table, List<String> columns) {}

        @Override
        public void rows(byte[] bytes, int from, int count) {}

        @Override
        public void end(long rows) {}
    };

    private final Rows to;
    private final Map<String, Long> rows = new LinkedHashMap<>();
    private final byte[] line = new byte[LONGEST_BEGIN];
    private long length; // of the present line so far
    private int held; // bytes of the present line that may turn out to be the end of the block, and no row
    private Optional<String> table = Optional.empty();
    private long rowsOfBlock;

    CopyBlocks() {
        this(NOWHERE);
    }

    CopyBlocks(Rows to) {
        this.to = to;
    }

    void take(byte[] bytes, int from, int to) {
        int begin = from; // of the rows that are not handed on yet
        int at = from;
        while (at < to) {
            int end = endOfLine(bytes, at, to);
            note(bytes, at, end);
            if (end == to) {
                break;
            }
            if (table.isEmpty()) {
                begin();
                begin = end + 1;
            } else if (isEnd()) {
                hand(bytes, begin, at);
                held = 0;
                end();
                begin = end + 1;
            } else {
                release();
                rowsOfBlock++;
            }
            length = 0;
            at = end + 1;
        }
        if (table.isPresent()) {
            handOnTo(bytes, begin, at, to);
        }
    }

    private static int endOfLine(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    private void note(byte[] bytes, int from, int to) {
        long room = (table.isEmpty() ? LONGEST_BEGIN : LONGEST_LOOK) - length;
        int count = (int) Math.min(to - from, room);
        if (count > 0) {
            System.arraycopy(bytes, from, line, (int) length, count);
        }
        length += to - from;
    }

    private boolean isEnd() {
        return length == END.length && line[0] == END[0] && line[1] == END[1];
    }

    /** What is left of a piece: up to its last line, and that too unless it may be the end of the block. */
    private void handOnTo(byte[] bytes, int begin, int lastLine, int to) {
        boolean doubtful = length > 0 && length <= END.length && line[0] == END[0] && (length == 1 || line[1] == END[1]);
        if (doubtful) {
            hand(bytes, begin, Math.max(begin, lastLine));
            held = (int) length;
        } else {
            release();
            hand(bytes, begin, to);
        }
    }

    private void hand(byte[] bytes, int from, int to) {
        if (to > from) {
            this.to.rows(bytes, from, to - from);
        }
    }

    /** What was held back was the beginning of a row after all. */
    private void release() {
        if (held > 0) {
            to.rows(END, 0, held);
            held = 0;
        }
    }

    private void begin() {
        if (length > LONGEST_BEGIN || length < 5 || line[0] != 'C') {
            return;
        }
        Matcher begin = BEGIN.matcher(new String(line, 0, (int) length, StandardCharsets.UTF_8));
        if (begin.matches()) {
            String name = begin.group(1) == null ? begin.group(2) : begin.group(1);
            table = Optional.of(name);
            rowsOfBlock = 0;
            to.begin(name, columns(begin.group(3)));
        }
    }

    private static List<String> columns(String listed) {
        List<String> columns = new ArrayList<>();
        Matcher column = COLUMN.matcher(listed == null ? "" : listed);
        while (column.find()) {
            columns.add(column.group(1) == null ? column.group() : column.group(1).replace("\"\"", "\""));
        }
        return columns;
    }

    private void end() {
        rows.merge(table.orElseThrow(), rowsOfBlock, Long::sum);
        table = Optional.empty();
        to.end(rowsOfBlock);
    }

    /** By table, of the blocks that have ended. */
    Map<String, Long> rows() {
        return new LinkedHashMap<>(rows);
    }

    /** The table whose block has begun and not ended. */
    Optional<String> open() {
        return table;
    }

    /** Rows so far of the table that is {@link #open}, those of its earlier blocks included. */
    long rowsOfOpen() {
        return table.map(name -> rows.getOrDefault(name, 0L) + rowsOfBlock).orElse(0L);
    }
}
