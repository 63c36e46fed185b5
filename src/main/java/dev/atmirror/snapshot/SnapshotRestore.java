package dev.atmirror.snapshot;

import dev.atmirror.store.LogVerification;
import dev.atmirror.store.RestoredState;
import dev.atmirror.store.TableLoad;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A dump of our own log, alone or with all other tables, on its way into empty tables: {@link #load}, {@link #buildIndex}
 * as long as there is {@link #hasIndex}, {@link #verify}, {@link #finish}. Nothing of it is seen before the last step has
 * committed all of it; whatever ends it before, be it the process, leaves the database as it was.
 */
public final class SnapshotRestore {
    /** What bears numbers of a log that was there before. */
    private static final List<String> WITH_THE_LOG =
            List.of("account_extra", "handle_change", "handle_check", "pds_endpoint", "recent_record");

    /** What a mirror that has run for a minute holds without any log: the dump's takes its place. */
    private static final Set<String> REPLACED = Set.of(
            "handle_parent", "handle_tally", "pds_hosts", "pds_operator", "rejected_operations", "sync_cursors");

    private static final String OPERATIONS = "plc_operation";
    private static final String LOADING = "loading";
    private static final String VERIFYING = "verifying";
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotRestore.class);

    private final RestoreSettings settings;
    private final OpenedSnapshot snapshot;
    private final DumpKind kind;
    private final TableStream stream;
    private final TableLoad load;
    private final RestoredState state;
    private final LogVerification verification;
    private Map<String, Long> rows = Map.of();
    private Optional<LogVerification.Outcome> verified = Optional.empty();
    private volatile String step = LOADING;

    /** @param load the caller's to close */
    public SnapshotRestore(RestoreSettings settings, OpenedSnapshot snapshot, TableLoad load) {
        this.settings = settings;
        this.snapshot = snapshot;
        this.kind = snapshot.kind().orElseThrow();
        this.stream = new TableStream(snapshot);
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
                .filter(table -> !REPLACED.contains(table))
                .toList());
    }

    /** Empties the tables and lets the rows in, without indexes. */
    public void load() {
        load.clear(Stream.concat(kind.tables().stream(), WITH_THE_LOG.stream()).distinct().toList());
        state.restOwners();
        rows = stream.read(new RestoredTables(snapshot.name(), name -> kind.tables().contains(name) ? name : "", load));
        state.settleOwners();
        step = "building indexes";
    }

    public boolean hasIndex() {
        return load.hasIndex();
    }

    public void buildIndex() {
        load.buildIndex();
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
        step = VERIFYING;
        verified = Optional.of(verification.run());
    }

    /** Sets the cursors and makes all of it visible, if the file was whole. */
    public RestoredLog finish() {
        step = "committing";
        state.dropLooseEnds();
        if (!kind.tables().contains("sync_cursors")) {
            setCursors();
        }
        state.capCursors();
        verified.flatMap(LogVerification.Outcome::first).ifPresent(state::stopBefore);
        List<RestoredState.Cursor> cursors = state.cursors();
        snapshot.input().checkWhole();
        load.commit();
        verified.filter(outcome -> outcome.allQuarantined() > 0)
                .ifPresent(outcome -> LOG.warn(
                        "{} operations of {} failed verification and are kept in rejected_operations: {}",
                        outcome.allQuarantined(),
                        snapshot.name(),
                        outcome.quarantined()));
        return new RestoredLog(snapshot.name(), rows, verified, cursors);
    }

    private void setCursors() {
        state.forgetCursors();
        List<Manifest.Upstream> known = new ArrayList<>(upstreams());
        known.removeIf(upstream -> !upstream.kind().equals("seq") && !upstream.kind().equals("time"));
        if (known.isEmpty()) {
            state.setCursorByTime(settings.upstream());
        }
        known.forEach(upstream -> state.setCursor(new RestoredState.Cursor(
                upstream.host(), upstream.kind(), upstream.seq(), upstream.time(), upstream.operations())));
    }

    public RestoreProgress progress() {
        return switch (step) {
            case LOADING -> stream.progress();
            case VERIFYING -> RestoreProgress.of(
                    step, verification.operations(), "operations", rows.getOrDefault(OPERATIONS, 0L));
            default -> RestoreProgress.of(step, load.builtIndexes(), "indexes", load.indexes());
        };
    }
}
