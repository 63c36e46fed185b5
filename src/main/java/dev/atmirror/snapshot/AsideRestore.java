package dev.atmirror.snapshot;

import dev.atmirror.store.LogAside;
import dev.atmirror.store.RestoredState;
import dev.atmirror.store.TableLoad;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A dump of our own log where there is a log already: {@link #load} lays it aside, its operations are read from
 * {@link #source} page by page, {@link #finish} removes it and moves cursors.
 */
public final class AsideRestore {
    private final RestoreSettings settings;
    private final OpenedSnapshot snapshot;
    private final Function<Boolean, LogAside> aside;
    private final String identity;
    private final TableStream stream;
    private List<RestoredState.Cursor> cursors = List.of();
    private Map<String, Long> rows = Map.of();
    private volatile boolean loaded;
    private volatile long read;

    /** @param aside opens what was laid aside, by whether its numbers are our upstream's */
    public AsideRestore(RestoreSettings settings, OpenedSnapshot snapshot, Function<Boolean, LogAside> aside) {
        this.settings = settings;
        this.snapshot = snapshot;
        this.aside = aside;
        this.stream = new TableStream(snapshot);
        if (snapshot.kind().orElseThrow().tables().contains("sync_cursors")) {
            throw new SnapshotFailure(snapshot.name() + " holds all tables, and they go into an empty database only: `db clear`"
                    + " empties this one, or restore dumps of single tables");
        }
        try {
            identity = RestoreSource.identity(snapshot.input(), snapshot.plain());
        } catch (IOException e) {
            throw new SnapshotFailure("cannot read " + snapshot.name() + ": " + e.getMessage(), e);
        }
    }

    /** Lets the tables into a schema of their own, if the file is whole. @param load is committed */
    public void load(TableLoad load) {
        cursors = new RestoredState(load).cursors();
        LogAside.make(load);
        List<String> tables = snapshot.kind().orElseThrow().tables();
        rows = stream.read(new RestoredTables(
                snapshot.name(), name -> tables.contains(name) ? LogAside.aside(name) : "", load));
        LogAside.addKeys(load);
        snapshot.input().checkWhole();
        load.commit();
        loaded = true;
    }

    /** What was laid aside, to be read once. Whole in any case: what a filter left out is seen to by {@link #finish}, which alone moves cursors. */
    public RestoreSource source() {
        return new RestoreSource(new ReadInput(snapshot.input()), identity, true, false, Pages::new);
    }

    /** Numbers of the dump are our upstream's where that was the only one. */
    private boolean hasOurUpstreamsNumbers() {
        return upstreams().size() == 1 && upstreams().get(0).host().equals(settings.upstream());
    }

    private List<Manifest.Upstream> upstreams() {
        return snapshot.input().manifest().map(Manifest::upstreams).orElse(List.of());
    }

    /** One page after the other. */
    private final class Pages implements RestoredPages {
        private final LogAside log = aside.apply(hasOurUpstreamsNumbers());
        private final int size;
        private long count;

        Pages(int size) {
            this.size = size;
        }

        @Override
        public Optional<RestoredPage> next() {
            LogAside.Page page = log.next(size);
            if (page.operations().isEmpty()) {
                close();
                return Optional.empty();
            }
            count += page.operations().size();
            read = count;
            return Optional.of(new RestoredPage(page.operations(), List.of(), page.notes(), count, false, Optional.empty()));
        }

        @Override
        public void close() {
            log.close();
        }
    }

    /** @param load is committed @return what became of it, for a person */
    public List<String> finish(TableLoad load) {
        RestoredState state = new RestoredState(load);
        state.putBack(cursors);
        List<String> said = new ArrayList<>();
        said.add(snapshot.name() + "  " + read + " operations gone through, each of them verified; what was missing is stored");
        long rejected = state.rejectedOf(identity);
        if (snapshot.kind().orElseThrow().filtered()) {
            said.add("the cursors stay, as the dump leaves accounts out");
        } else if (rejected > 0) {
            said.add(rejected + " operations of the dump failed verification and are kept in rejected_operations; the cursors stay,"
                    + " so that the upstream is asked for what is damaged here");
        } else {
            upstreams().stream()
                    .filter(upstream -> upstream.kind().equals("seq") || upstream.kind().equals("time"))
                    .forEach(upstream -> state.moveForward(new RestoredState.Cursor(
                            upstream.host(), upstream.kind(), upstream.seq(), upstream.time(), 0)));
        }
        LogAside.drop(load);
        state.cursors().forEach(cursor -> said.add(cursor.sentence()));
        load.commit();
        return said;
    }

    /** Empty while nothing is known. */
    public Optional<RestoreProgress> progress() {
        return Optional.of(
                loaded
                        ? RestoreProgress.of("verifying", read, "operations", rows.getOrDefault("plc_operation", 0L))
                        : stream.progress());
    }
}
