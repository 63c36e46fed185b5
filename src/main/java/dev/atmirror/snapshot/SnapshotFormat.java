package dev.atmirror.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a file holds, told by its beginning: names of files are anybody's choice. */
public enum SnapshotFormat {
    /** Our own lean tables, as {@code snapshot dump} writes them. */
    OWN,
    /** {@code plc_log_entries} as the seed project dumps it. */
    SEED_LOG,
    /** {@code pds_repos} as the seed project dumps it. */
    SEED_REPOS,
    /** {@code account_infos} as the seed project dumps it. */
    SEED_ACCOUNTS,
    /** Operations as JSON lines, in either format of the directory's {@code /export}. */
    JSON_LINES;

    /** What pg_dump writes before the first rows: settings and the definitions of the tables. */
    private static final int HEAD = 1 << 20;

    private static final Pattern COPY = Pattern.compile("^COPY .*? FROM stdin;$", Pattern.MULTILINE | Pattern.UNIX_LINES);
    private static final Map<String, SnapshotFormat> SEED_TABLES =
            Map.of("plc_log_entries", SEED_LOG, "pds_repos", SEED_REPOS, "account_infos", SEED_ACCOUNTS);

    /**
     * Looks at the beginning and leaves the stream where it was.
     *
     * @param in of which marks are supported
     * @throws SnapshotFailure for what is none of them
     */
    public static SnapshotFormat of(String name, InputStream in) throws IOException {
        in.mark(HEAD);
        String head = new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1); // the names we look for are ASCII
        in.reset();
        String begin = head.stripLeading();
        if (begin.isEmpty()) {
            throw new SnapshotFailure(name + " is empty");
        }
        if (head.indexOf('\n') < 0 && head.stripTrailing().indexOf('\r') >= 0) {
            throw new SnapshotFailure(name + " has lines that end with a carriage return alone, which nothing here reads;"
                    + " tr '\\r' '\\n' makes proper lines of them");
        }
        if (begin.startsWith("{")) {
            return JSON_LINES;
        }
        if (begin.startsWith("PGDMP")) {
            throw new SnapshotFailure(name + " is a dump in PostgreSQL's custom format; pg_restore -f FILE makes plain SQL of it");
        }
        Matcher copy = COPY.matcher(head);
        if (!copy.find()) {
            throw new SnapshotFailure(name + " holds neither COPY blocks as pg_dump writes them nor JSON lines");
        }
        return CopyHead.of(copy.group())
                .map(block -> SEED_TABLES.getOrDefault(block.table(), OWN))
                .orElseThrow(() -> new SnapshotFailure(name + " has a COPY block of unknown form: " + copy.group()));
    }
}
