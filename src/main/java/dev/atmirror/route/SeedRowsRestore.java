package dev.atmirror.route;

import dev.atmirror.snapshot.SeedRows;
import dev.atmirror.snapshot.SkippedLines;
import dev.atmirror.snapshot.SnapshotFailure;
import dev.atmirror.snapshot.SnapshotFormat;
import dev.atmirror.snapshot.SnapshotInput;
import dev.atmirror.store.WriterLease;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.component.sql.SqlConstants;

/** Bean {@code seedRows}: the steps of {@code routes/snapshot-restore-seed.camel.yaml}, for one file. */
public final class SeedRowsRestore {
    private final Supplier<Source> sources;
    private final WriterLease lease;
    private Source source;
    private volatile long taken;
    private volatile long unknown;
    private volatile boolean stopped;
    private volatile Optional<String> outcome = Optional.empty();

    /** The file and what is in it. @param format {@code SEED_REPOS} or {@code SEED_ACCOUNTS} */
    public record Source(SnapshotInput input, SnapshotFormat format, SeedRows rows) {}

    /** @param sources opens the file */
    public SeedRowsRestore(Supplier<Source> sources, WriterLease lease) {
        this.sources = sources;
        this.lease = lease;
    }

    /** @throws IllegalStateException while a mirror writes */
    public void begin() {
        if (!lease.isHeld()) {
            throw new IllegalStateException("a mirror is running on this database; stop it first");
        }
        source = sources.get();
    }

    public boolean hasNext() {
        return source.rows().hasNext();
    }

    public boolean isOfRepos() {
        return source.format() == SnapshotFormat.SEED_REPOS;
    }

    /** Leaves the statement's parameters. */
    public void next(Exchange exchange) throws IOException {
        if (stopped) {
            throw new IllegalStateException("stopped; the same command begins again and does no harm");
        }
        exchange.getMessage().setBody(source.rows().next());
    }

    /** Counts what a statement has taken over. */
    public void count(Exchange exchange) {
        if (isOfRepos()) {
            taken += exchange.getMessage().getHeader(SqlConstants.SQL_UPDATE_COUNT, 0, Integer.class);
        } else {
            Map<?, ?> row = (Map<?, ?>) exchange.getMessage().getBody(List.class).get(0);
            taken += ((Number) row.get("taken")).longValue();
            unknown += ((Number) row.get("unknown")).longValue();
        }
    }

    /** @throws dev.atmirror.snapshot.SnapshotFailure where the file is not whole, or not what its manifest says */
    public void finish() {
        if (source.rows().rows() == source.rows().skipped().count()) {
            throw new SnapshotFailure(source.input().name() + " holds no row that can be read; nothing was restored");
        }
        source.input().checkWhole();
        outcome = Optional.of(String.format(
                Locale.ROOT,
                "%,d rows read, %,d taken over%s; %,d held nothing of use",
                source.rows().rows(),
                taken,
                unknown > 0 ? String.format(Locale.ROOT, ", %,d of accounts that are not in the log", unknown) : "",
                source.rows().unusable()));
    }

    /** Rows that could not be read. */
    public Optional<SkippedLines> skipped() {
        return Optional.ofNullable(source).map(opened -> opened.rows().skipped());
    }

    /** For a person; empty as long as the restore is under way. */
    public Optional<String> outcome() {
        return outcome;
    }

    /** Ends the restore between two pages; what is stored stays. */
    public void stop() {
        stopped = true;
    }
}
