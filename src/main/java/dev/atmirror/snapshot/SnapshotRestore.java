package dev.atmirror.snapshot;

import dev.atmirror.store.LogVerification;
import dev.atmirror.store.RestoredState;
import dev.atmirror.store.TableLoad;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A dump of our own log, alone or with all other tables, on its way into empty tables: {@link #load}, {@link #buildIndex}
 * as long as there is {@link #hasIndex}, {@link #verify}, {@link #finish}. Nothing of it is seen before the last step has
 * committed all of it; whatever ends it before, be it the process, leaves the database as it was.
 */
public final class SnapshotRestore implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    /** What bears numbers of a log that was there before. */
    private static final List<String> WITH_THE_LOG = List.of("account_extra", "pds_endpoint", "recent_record");

    private static final String OPERATIONS = "plc_operation";
    private static final String LOADING = "loading";
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotRestore.class);

    private final RestoreSettings settings;
    private final OpenedSnapshot snapshot;
    private final DumpKind kind;
    private final TableLoad load;
    private final RestoredState state;
    private final LogVerification verification;
    private Map<String, Long> rows = Map.of();
    private Optional<LogVerification.Outcome> verified = Optional.empty();
    private volatile RestoreProgress progress = new RestoreProgress(LOADING, 0, RestoreProgress.BYTES, 0);
    private volatile boolean verifying;

    /**
     * @param rows by table, as the file has them
     * @param verified empty where the file was trusted
     * @param cursors behind which reading goes on
     */
    public record Restored(
            String kind, Map<String, Long> rows, Optional<LogVerification.Outcome> verified, List<RestoredState.Cursor> cursors) {}

    /** @param load a transaction that this ends */
    public SnapshotRestore(RestoreSettings settings, OpenedSnapshot snapshot, TableLoad load) {
        this.settings = settings;
        this.snapshot = snapshot;
        this.kind = snapshot.kind().orElseThrow();
        this.load = load;
        this.state = new RestoredState(load);
        List<Manifest.Upstream> upstreams = upstreams();
        String host = upstreams.isEmpty() ? snapshot.name() : upstreams.get(0).host();
        this.verification = new LogVerification(load, host, settings.threads());
    }

    private List<Manifest.Upstream> upstreams() {
        return snapshot.input().manifest().map(Manifest::upstreams).orElse(List.of());
    }

    /** Whether a dump of this kind finds its tables empty. */
    public static boolean fits(DumpKind kind, TableLoad load) {
        return load.areEmpty(Stream.concat(kind.tables().stream(), WITH_THE_LOG.stream())
                .filter(table -> !table.equals("sync_cursors")
                        && !table.equals("rejected_operations")
                        && !table.equals("pds_hosts")
                        && !table.equals("pds_operator"))
                .toList());
    }

    /** Empties the tables and lets the rows in, without indexes. */
    public void load() {
        load.clear(Stream.concat(kind.tables().stream(), WITH_THE_LOG.stream()).distinct().toList());
        CopyBlocks blocks = new CopyBlocks(new RestoredTables(snapshot.name(), Set.copyOf(kind.tables()), load));
        byte[] buffer = new byte[BUFFER];
        SnapshotInput input = snapshot.input();
        for (int count = read(buffer); count >= 0; count = read(buffer)) {
            blocks.take(buffer, 0, count);
            progress = RestoreProgress.of(LOADING, input.bytesRead(), RestoreProgress.BYTES, input.totalBytes());
        }
        blocks.open().ifPresent(table -> {
            throw new SnapshotFailure(snapshot.name() + " is not whole: it ends among the rows of " + table);
        });
        rows = blocks.rows();
        checkRows();
    }

    private int read(byte[] buffer) {
        InputStream plain = snapshot.plain();
        try {
            return plain.read(buffer);
        } catch (IOException e) {
            throw new SnapshotFailure("cannot read " + snapshot.name() + ": " + e.getMessage(), e);
        }
    }

    private void checkRows() {
        Set<String> missing = new TreeSet<>(kind.tables());
        missing.removeAll(rows.keySet());
        if (!missing.isEmpty()) {
            throw new SnapshotFailure(snapshot.name() + " holds nothing of " + String.join(", ", missing));
        }
        snapshot.input().manifest().map(manifest -> manifest.content().rows()).filter(said -> !said.equals(rows)).ifPresent(said -> {
            throw new SnapshotFailure(
                    snapshot.name() + " has other rows than its manifest says: " + rows + " instead of " + said);
        });
    }

    public boolean hasIndex() {
        return load.hasIndex();
    }

    public void buildIndex() {
        load.buildIndex();
        progress = RestoreProgress.of("building indexes", load.builtIndexes(), "indexes", load.indexes());
        if (!load.hasIndex()) {
            load.analyze(kind.tables());
        }
    }

    /** Every operation, and every column that says something of it; or, where the file is trusted, only that numbers are left. */
    public void verify() {
        if (kind.tables().contains("rejected_operations")) {
            state.takeOver(); // before anything is quarantined
        }
        if (settings.trusting()) {
            LogVerification.checkNumbers(load);
            return;
        }
        verifying = true;
        verified = Optional.of(verification.run());
        verifying = false;
    }

    /** Sets the cursors and makes all of it visible, if the file was whole. */
    public Restored finish() {
        progress = new RestoreProgress("committing", 0, "", -1);
        state.dropLooseEnds();
        if (!kind.tables().contains("sync_cursors")) {
            setCursors();
        }
        List<RestoredState.Cursor> cursors = state.capCursors();
        snapshot.input().checkWhole();
        load.commit();
        Restored restored = new Restored(kind.name(), rows, verified, cursors);
        verified.filter(outcome -> outcome.allQuarantined() > 0)
                .ifPresent(outcome -> LOG.warn(
                        "{} operations of {} failed verification and are kept in rejected_operations: {}",
                        outcome.allQuarantined(),
                        snapshot.name(),
                        outcome.quarantined()));
        return restored;
    }

    private void setCursors() {
        state.forgetCursors();
        List<Manifest.Upstream> known = new ArrayList<>(upstreams());
        known.removeIf(upstream -> !upstream.kind().equals("seq") && !upstream.kind().equals("time"));
        if (known.isEmpty()) {
            state.setCursorByTime(settings.upstreamHost());
        }
        known.forEach(upstream -> state.setCursor(new RestoredState.Cursor(
                upstream.host(), upstream.kind(), upstream.seq(), upstream.time(), upstream.operations())));
    }

    public RestoreProgress progress() {
        if (verifying) {
            long all = rows.getOrDefault(OPERATIONS, 0L);
            return RestoreProgress.of("verifying", verification.operations(), "operations", all);
        }
        return progress;
    }

    /** Gives up what is under way; from another thread. */
    public void cancel() {
        load.cancel();
    }

    public boolean isCancelled() {
        return load.isCancelled();
    }

    @Override
    public void close() {
        load.close();
    }
}
