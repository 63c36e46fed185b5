package dev.atmirror.route;

import dev.atmirror.snapshot.AsideRestore;
import dev.atmirror.snapshot.OpenedSnapshot;
import dev.atmirror.snapshot.RestoreProgress;
import dev.atmirror.snapshot.RestoreSettings;
import dev.atmirror.snapshot.RestoreSource;
import dev.atmirror.snapshot.RowsRestore;
import dev.atmirror.snapshot.SnapshotFailure;
import dev.atmirror.snapshot.SnapshotFormat;
import dev.atmirror.snapshot.SnapshotRestore;
import dev.atmirror.store.LogAside;
import dev.atmirror.store.TableLoad;
import java.util.List;
import java.util.Optional;

/**
 * Bean {@code snapshotRestores}: the steps of {@code routes/snapshot-restore*.camel.yaml} for one file, those by pages
 * excepted. What was begun ends by its last step or by {@link #failed}, or its transaction would hold the tables.
 */
public final class SnapshotRestores implements AutoCloseable {
    /** What a restore needs of the program around it. */
    public interface Surroundings {
        OpenedSnapshot open();

        /** A transaction of the only process that writes. @throws IllegalStateException where another one writes */
        TableLoad begin();

        /** The same behind steps by pages, which keep the right to write. */
        TableLoad beginBehindPages();

        /** What was laid aside. @param numbered whether its numbers are our upstream's, too */
        LogAside logAside(boolean numbered);

        /** Lets others write: whoever reads by pages sees to that by itself. */
        void letWrite();
    }

    private final RestoreSettings settings;
    private final Surroundings surroundings;
    private volatile Optional<OpenedSnapshot> file = Optional.empty();
    private volatile Optional<TableLoad> load = Optional.empty();
    private volatile Optional<SnapshotRestore> tables = Optional.empty();
    private volatile Optional<RowsRestore> rows = Optional.empty();
    private volatile Optional<AsideRestore> aside = Optional.empty();
    private volatile List<String> outcome = List.of();
    private volatile boolean cancelled;

    public SnapshotRestores(RestoreSettings settings, Surroundings surroundings) {
        this.settings = settings;
        this.surroundings = surroundings;
    }

    public void open() {
        OpenedSnapshot opened = surroundings.open();
        file = Optional.of(opened);
        if (opened.kind().isPresent()) {
            load = Optional.of(surroundings.begin());
            choose(opened);
        }
    }

    private void choose(OpenedSnapshot opened) {
        if (!opened.kind().get().holdsTheLog()) {
            rows = Optional.of(new RowsRestore(opened, present()));
        } else if (SnapshotRestore.fits(opened.kind().get(), present())) {
            tables = Optional.of(new SnapshotRestore(settings, opened, present()));
        } else {
            aside = Optional.of(new AsideRestore(settings, opened, surroundings::logAside));
        }
    }

    private TableLoad present() {
        TableLoad now = load.orElseThrow(() -> new IllegalStateException("nothing is being restored"));
        if (cancelled) {
            throw new SnapshotFailure("stopped; nothing of it was restored");
        }
        return now;
    }

    public boolean isIntoEmptyTables() {
        return tables.isPresent();
    }

    public boolean isOfNewerRows() {
        return rows.isPresent();
    }

    public boolean isOfSeedRows() {
        return file.filter(opened -> opened.format() == SnapshotFormat.SEED_REPOS
                        || opened.format() == SnapshotFormat.SEED_ACCOUNTS)
                .isPresent();
    }

    public boolean isBesideALog() {
        return aside.isPresent();
    }

    /** Whether the file's operations come as lines or rows, whatever is here. */
    public boolean isByPages() {
        return file.filter(opened -> opened.kind().isEmpty()).isPresent();
    }

    public void load() {
        tables.orElseThrow().load();
    }

    /** Never fails: the loop asks once more behind a step that has failed, and would hide why. */
    public boolean hasIndex() {
        return load.isPresent() && !cancelled && tables.orElseThrow().hasIndex();
    }

    public void buildIndex() {
        tables.orElseThrow().buildIndex();
    }

    public void verify() {
        present();
        tables.orElseThrow().verify();
    }

    public void finish() {
        present();
        outcome = tables.orElseThrow().finish().sentences();
        end();
    }

    public void layBeside() {
        rows.orElseThrow().load();
    }

    public void takeNewer() {
        outcome = rows.orElseThrow().finish();
        end();
    }

    public void layAside() {
        aside.orElseThrow().load(present());
        end();
    }

    public void finishAside() {
        load = Optional.of(surroundings.beginBehindPages());
        outcome = aside.orElseThrow().finish(present());
        end();
    }

    /** Leaves everything as it was. */
    public void failed() {
        end();
    }

    private void end() {
        load.ifPresent(TableLoad::close);
        load = Optional.empty();
        surroundings.letWrite();
    }

    /** Empty before it is open. */
    public Optional<OpenedSnapshot> file() {
        return file;
    }

    /** For the steps that read by pages. */
    public RestoreSource pages() {
        OpenedSnapshot opened = file.orElseThrow();
        return aside.map(AsideRestore::source).orElseGet(opened::lines);
    }

    /** Empty before there is any, and while a file is read by pages. */
    public Optional<RestoreProgress> progress() {
        return tables.map(SnapshotRestore::progress)
                .or(() -> rows.map(RowsRestore::progress))
                .or(() -> aside.flatMap(AsideRestore::progress));
    }

    /** What became of it, in sentences for a person. */
    public List<String> outcome() {
        return outcome;
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
