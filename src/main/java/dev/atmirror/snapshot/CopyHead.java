package dev.atmirror.snapshot;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The line that begins a COPY block, as pg_dump writes it.
 *
 * @param table without its schema
 * @param columns in the order of the rows
 */
record CopyHead(String table, List<String> columns) {
    private static final String NAME = "(?:\"(?:[^\"]|\"\")+\"|[^\"., ()]+)";
    private static final Pattern LINE =
            Pattern.compile("COPY (?:" + NAME + "\\.)?(" + NAME + ") \\((.*)\\) FROM stdin;");
    private static final Pattern COLUMN = Pattern.compile("(" + NAME + ")(?:, |$)");

    /** @return empty for any other line */
    static Optional<CopyHead> of(String line) {
        Matcher head = LINE.matcher(line);
        if (!head.matches()) {
            return Optional.empty();
        }
        List<String> columns =
                COLUMN.matcher(head.group(2)).results().map(column -> plain(column.group(1))).toList();
        return Optional.of(new CopyHead(plain(head.group(1)), columns));
    }

    private static String plain(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }
}
