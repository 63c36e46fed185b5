package dev.atmirror.route;

import dev.atmirror.snapshot.OpenedSnapshot;
import dev.atmirror.snapshot.RestoreProgress;
import dev.atmirror.snapshot.RestoreSettings;
import dev.atmirror.snapshot.SnapshotFailure;
import dev.atmirror.snapshot.SnapshotRestore;
import dev.atmirror.store.TableLoad;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Bean {@code snapshotRestores}: the steps of {@code routes/snapshot-restore.camel.yaml}, for one file. What was begun ends
 * by {@code finish} or by {@link #failed}, or its transaction would hold the tables.
 */
public final class SnapshotRestores implements AutoCloseable {
    private final RestoreSettings settings;
    private final Supplier<OpenedSnapshot> files;
    private final Supplier<TableLoad> loads;
    private volatile Optional<OpenedSnapshot> file = Optional.empty();
    private volatile Optional<TableLoad> load = Optional.empty();
    private volatile Optional<SnapshotRestore> restore = Optional.empty();
    private volatile Optional<SnapshotRestore.Restored> restored = Optional.empty();
    private volatile boolean cancelled;

    /** @param loads begins a transaction, where this process may write */
    public SnapshotRestores(RestoreSettings settings, Supplier<OpenedSnapshot> files, Supplier<TableLoad> loads) {
        this.settings = settings;
        this.files = files;
        this.loads = loads;
    }

    public void open() {
        OpenedSnapshot opened = files.get();
        file = Optional.of(opened);
        if (opened.kind().isEmpty()) {
            return;
        }
        TableLoad begun = loads.get();
        load = Optional.of(begun);
        if (SnapshotRestore.fits(opened.kind().get(), begun)) {
            restore = Optional.of(new SnapshotRestore(settings, opened, begun));
        } else {
            end();
        }
        if (cancelled) {
            cancel();
        }
    }

    public boolean fitsEmptyTables() {
        return restore.isPresent();
    }

    private SnapshotRestore present() {
        if (cancelled) {
            throw new SnapshotFailure("stopped; nothing of it was restored");
        }
        return restore.orElseThrow(() -> new IllegalStateException("nothing is being restored"));
    }

    public void load() {
        present().load();
    }

    public boolean hasIndex() {
        return present().hasIndex();
    }

    public void buildIndex() {
        present().buildIndex();
    }

    public void verify() {
        present().verify();
    }

    public void finish() {
        restored = Optional.of(present().finish());
        end();
    }

    /** Leaves everything as it was. */
    public void failed() {
        end();
    }

    private void end() {
        load.ifPresent(TableLoad::close);
        load = Optional.empty();
    }

    /** The file; empty before it is open. */
    public Optional<OpenedSnapshot> file() {
        return file;
    }

    /** Empty before there is any, and for a file that goes another way. */
    public Optional<RestoreProgress> progress() {
        return restore.map(SnapshotRestore::progress);
    }

    /** What was committed; empty before. */
    public Optional<SnapshotRestore.Restored> restored() {
        return restored;
    }

    /** Gives up what is under way; from another thread. */
    public void cancel() {
        cancelled = true;
        load.ifPresent(TableLoad::cancel);
    }

    @Override
    public void close() {
        cancel();
    }
}
