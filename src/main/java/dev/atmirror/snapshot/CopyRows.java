package dev.atmirror.snapshot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rows of one table in plain SQL as pg_dump writes it. Everything else in the file is passed over and nothing of it is
 * executed: settings, definitions, {@code \restrict} and whatever newer tools add.
 */
final class CopyRows {
    private static final Pattern ENCODING = Pattern.compile("SET client_encoding = '(.*)';");

    private final String file;
    private final String table;
    private final Lines lines;
    private List<String> columns = List.of();
    private boolean inside;
    private int[] starts = new int[0]; // of the fields, and one behind the last

    CopyRows(String file, String table, InputStream in) {
        this.file = file;
        this.table = table;
        this.lines = new Lines(in);
    }

    /**
     * Goes to the next row.
     *
     * @return false at the end of the file
     * @throws SnapshotFailure where the file ends within the rows
     */
    boolean next() throws IOException {
        while (lines.next()) {
            if (!inside) {
                outside();
            } else if (lines.length() == 2 && lines.bytes()[0] == '\\' && lines.bytes()[1] == '.') {
                inside = false;
            } else if (!lines.isOpen()) {
                return true;
            }
        }
        if (inside) {
            throw new SnapshotFailure(file + " is not whole: it ends in the middle of " + table);
        }
        return false;
    }

    private void outside() {
        byte first = lines.length() > 0 ? lines.bytes()[0] : 0;
        if (first != 'C' && first != 'S' || lines.isTooLong()) {
            return;
        }
        String line = lines.text();
        Matcher encoding = ENCODING.matcher(line);
        if (encoding.matches() && !encoding.group(1).equals("UTF8")) {
            throw new SnapshotFailure(file + " is written in " + encoding.group(1) + "; dump it with --encoding=UTF8");
        }
        CopyHead.of(line).filter(head -> head.table().equals(table)).ifPresent(head -> {
            columns = head.columns();
            starts = new int[columns.size() + 1];
            inside = true;
        });
    }

    /** Where a column stands in {@link #field}; negative where the table has none of that name. */
    int column(String name) {
        return columns.indexOf(name);
    }

    /** Finds the fields of the row. @return false for a row with more or fewer fields than columns, or too long a one */
    boolean split() {
        int field = 0;
        starts[0] = 0;
        byte[] bytes = lines.bytes();
        for (int i = 0; i < lines.length(); i++) {
            if (bytes[i] == '\t') {
                if (++field >= columns.size()) {
                    return false;
                }
                starts[field] = i + 1;
            }
        }
        starts[columns.size()] = lines.length() + 1;
        return field == columns.size() - 1 && !lines.isTooLong();
    }

    /** The row as it stands in the file, its beginning where it is very long. */
    String raw(int most) {
        return lines.text(most);
    }

    /** Of the row's line in the file, from 1. */
    long lineNumber() {
        return lines.number();
    }

    /** Of all lines of the file up to the row. */
    String digest() {
        return lines.digest();
    }

    /** Of the row, in bytes. */
    int length() {
        return lines.length();
    }

    /** The field's place in {@link #bytes}. */
    int from(int column) {
        return starts[column];
    }

    int to(int column) {
        return starts[column + 1] - 1;
    }

    byte[] bytes() {
        return lines.bytes();
    }

    /** Whether the field is ASCII without any escape, so that its bytes are what they mean. */
    boolean isPlain(int column) {
        byte[] bytes = lines.bytes();
        for (int i = from(column); i < to(column); i++) {
            if (bytes[i] < 0 || bytes[i] == '\\') {
                return false;
            }
        }
        return true;
    }

    /** The field's value; empty for null, and for a column that the table does not have. */
    Optional<String> field(int column) {
        if (column < 0) {
            return Optional.empty();
        }
        byte[] bytes = lines.bytes();
        int from = from(column);
        int to = to(column);
        if (to - from == 2 && bytes[from] == '\\' && bytes[from + 1] == 'N') {
            return Optional.empty();
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\\') {
                return Optional.of(unescaped(bytes, from, to));
            }
        }
        return Optional.of(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }

    /** As PostgreSQL reads COPY's text format (its documentation, COPY, "Text Format"). */
    private static String unescaped(byte[] bytes, int from, int to) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(to - from);
        for (int i = from; i < to; i++) {
            if (bytes[i] != '\\' || i + 1 == to) {
                plain.write(bytes[i]);
                continue;
            }
            byte kind = bytes[++i];
            int digits = kind == 'x' ? digits(bytes, i + 1, Math.min(to, i + 3), 16) : digits(bytes, i, Math.min(to, i + 3), 8);
            if (digits > 0) {
                int start = kind == 'x' ? i + 1 : i;
                int radix = kind == 'x' ? 16 : 8;
                plain.write(Integer.parseInt(new String(bytes, start, digits, StandardCharsets.US_ASCII), radix));
                i = start + digits - 1;
            } else {
                plain.write(named(kind));
            }
        }
        return plain.toString(StandardCharsets.UTF_8);
    }

    private static int digits(byte[] bytes, int from, int to, int radix) {
        int i = from;
        while (i < to && Character.digit(bytes[i], radix) >= 0) {
            i++;
        }
        return i - from;
    }

    private static int named(byte kind) {
        return switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0b;
            default -> kind;
        };
    }
}
