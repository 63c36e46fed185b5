package dev.atmirror.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.atmirror.identity.Json;
import dev.atmirror.net.PdsUrl;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code pds_repos} or {@code account_infos} as the seed project dumps them, page after page, as the parameters of the
 * statement that takes them over. Nobody has signed them: they are what hosts said, or what somebody says that they said.
 */
public final class SeedRows {
    private static final int LONGEST_DID = 2_048; // the specification's own
    private static final int LONGEST_TEXT = 512; // of what a host calls a head, a revision, a status
    private static final String NUL = "\\u0000";
    /** As PostgreSQL prints it, but for a blank in the place of the T: 2025-07-03 08:09:10.123456+00, +05:30. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss[.SSSSSS][.SSSSS][.SSSS][.SSS][.SS][.S][XXX][X]", Locale.ROOT);

    private final String file;
    private final CopyRows copy;
    private final SkippedLines skipped = new SkippedLines();
    private final boolean repos;
    private final Function<String, Optional<PdsUrl>> hosts;
    private final List<String> operators;
    private final int pageSize;
    private long rows;
    private long unusable;
    private boolean ended;

    /** @param hosts the host that a text names, where it may be asked @param operators patterns, as the settings name them */
    public record Hosts(Function<String, Optional<PdsUrl>> hosts, List<String> operators) {}

    /** @param format {@code SEED_REPOS} or {@code SEED_ACCOUNTS} */
    public SeedRows(String file, InputStream in, SnapshotFormat format, Hosts hosts, int pageSize) {
        this.file = file;
        this.repos = format == SnapshotFormat.SEED_REPOS;
        this.copy = new CopyRows(file, repos ? "pds_repos" : "account_infos", in);
        this.hosts = hosts.hosts;
        this.operators = hosts.operators;
        this.pageSize = pageSize;
    }

    private record Row(Map<String, String> values) {}

    public boolean hasNext() {
        return !ended;
    }

    /** Parameters by name, arrays of texts that go together; empty arrays at the end. */
    public Map<String, Object> next() throws IOException {
        List<Row> page = new ArrayList<>(pageSize);
        while (!ended && page.size() < pageSize) {
            ended = !copy.next();
            if (!ended) {
                rows++;
                row().ifPresentOrElse(page::add, () -> unusable++);
            }
        }
        Map<String, Object> parameters = new HashMap<>();
        List<String> names = repos
                ? List.of("pdses", "operators", "dids", "heads", "revs", "actives", "statuses", "times")
                : List.of("dids", "described", "extras", "times");
        for (String name : names) {
            parameters.put(name, page.stream().map(row -> row.values.get(name)).toArray(String[]::new));
        }
        return parameters;
    }

    private Optional<Row> row() {
        try {
            if (!copy.split()) {
                throw new IllegalArgumentException("not as many fields as columns");
            }
            String did = field("did")
                    .filter(text -> text.startsWith("did:") && text.length() <= LONGEST_DID)
                    .orElseThrow(() -> new IllegalArgumentException("did is none"));
            Optional<Instant> updated = field("updated_at").flatMap(SeedRows::time);
            Map<String, String> values = new HashMap<>();
            values.put("dids", did);
            values.put("times", updated.map(Instant::toString).orElse(""));
            Optional<Row> row = repos ? repo(values) : account(values);
            return row.filter(usable -> updated.isPresent());
        } catch (IllegalArgumentException e) {
            skipped.add(file, copy.lineNumber());
            return Optional.empty();
        }
    }

    private Optional<Row> repo(Map<String, String> values) {
        Optional<PdsUrl> host = field("pds").flatMap(hosts);
        if (host.isEmpty()) {
            return Optional.empty();
        }
        values.put("pdses", host.get().toString());
        values.put("operators", host.get().operator(operators));
        values.put("heads", shortText("head"));
        values.put("revs", shortText("rev"));
        boolean inactive = field("active").filter(flag -> flag.equals("f")).isPresent();
        values.put("actives", inactive ? "false" : "true");
        values.put("statuses", inactive ? shortText("status") : ""); // why it is not active
        return Optional.of(new Row(values));
    }

    private String shortText(String column) {
        return field(column).filter(text -> text.length() <= LONGEST_TEXT).orElse("");
    }

    private Optional<Row> account(Map<String, String> values) {
        Optional<String> described = field("describe").flatMap(SeedRows::object);
        Optional<String> extra = field("extra").flatMap(SeedRows::object);
        if (described.isEmpty() && extra.isEmpty()) {
            return Optional.empty(); // handle and PDS are in the log, and nothing else was written here
        }
        values.put("described", described.orElse(null));
        values.put("extras", extra.orElse(null));
        return Optional.of(new Row(values));
    }

    private Optional<String> field(String column) {
        return copy.field(copy.column(column));
    }

    private static Optional<String> object(String json) {
        try {
            return Json.parse(json).isObject() && !json.contains(NUL) ? Optional.of(json) : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON", e);
        }
    }

    /** Empty for the zero of its maker, the year 1. */
    private static Optional<Instant> time(String text) {
        try {
            Instant time = OffsetDateTime.parse(text.replace(' ', 'T'), TIME).toInstant();
            return time.isAfter(Instant.EPOCH) ? Optional.of(time) : Optional.empty();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("no time", e);
        }
    }

    /** Rows gone through. */
    public long rows() {
        return rows;
    }

    /** Those of them that could not be read. */
    public SkippedLines skipped() {
        return skipped;
    }

    /** Those of them that say nothing, or nothing that could be taken over, unreadable ones included. */
    public long unusable() {
        return unusable;
    }
}
