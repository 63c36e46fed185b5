package dev.atmirror.snapshot;

import dev.atmirror.store.SnapshotView;
import dev.atmirror.store.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Dumps of one moment, one after the other: {@link #dump}, {@link #publish}, {@link #prune}, as long as there is
 * {@link #hasNext}. A file gets its final name only after pg_dump said that it is whole and its manifest is on the disk;
 * whatever fails before leaves nothing. A killed process leaves hidden files, which the next run removes.
 */
public final class SnapshotRun implements AutoCloseable {
    private static final long ROOM_OF_A_FULL_DISK = 16 << 20; // some file systems keep a rest that they do not give out

    /** A file that is whole under its hidden name. */
    private record Draft(DumpKind kind, Path file, DumpWriter.Written written) {}

    private final SnapshotSettings settings;
    private final SnapshotFolder folder;
    private final SnapshotFolder.Lock lock;
    private final SnapshotView view;
    private final PgDump pgDump;
    private final Instant created;
    private final Deque<DumpKind> left;
    private final int all;
    private final Weights weights;
    private Optional<Draft> draft = Optional.empty();
    private long plainBytesBefore;
    private boolean closed;
    private volatile boolean dumping;
    private volatile DumpProgress progress;

    /** Everything that was opened, in the order of opening. */
    private record Opened(SnapshotFolder.Lock lock, SnapshotView view, PgDump pgDump) {}

    private SnapshotRun(SnapshotSettings settings, SnapshotFolder folder, Opened opened, List<DumpKind> kinds, Instant created) {
        this.settings = settings;
        this.folder = folder;
        this.lock = opened.lock();
        this.view = opened.view();
        this.pgDump = opened.pgDump();
        this.created = created;
        this.left = new ArrayDeque<>(kinds);
        this.all = kinds.size();
        this.weights = new Weights(view, kinds);
        this.progress = new DumpProgress(kinds.get(0).name(), 1, all, 0, 0);
    }

    /**
     * Takes the folder and one consistent snapshot for all dumps.
     *
     * @param kinds at least one
     * @throws SnapshotFailure where another process dumps, or there is no pg_dump that could
     */
    public static SnapshotRun begin(
            SnapshotSettings settings, SnapshotFolder folder, SnapshotSource source, Collection<DumpKind> kinds, InstantSource clock) {
        SnapshotFolder.Lock lock = folder.lock();
        try {
            SnapshotView view = SnapshotView.open(source.database());
            try {
                ClientTools.Tool tool = source.tools().find(view.server().major());
                Opened opened = new Opened(lock, view, new PgDump(tool, source.address()));
                return new SnapshotRun(settings, folder, opened, kinds.stream().distinct().toList(), clock.instant().truncatedTo(ChronoUnit.SECONDS));
            } catch (RuntimeException e) {
                view.close();
                throw e;
            }
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Whether something is left to dump. */
    public boolean hasNext() {
        return !left.isEmpty() && !pgDump.isCancelled();
    }

    /** Writes the next dump under its hidden name. @throws SnapshotFailure with the remedy; nothing is left behind */
    public synchronized void dump() {
        DumpKind kind = left.remove();
        Path file = folder.free(kind.file(), LocalDate.ofInstant(created, ZoneOffset.UTC));
        dumping = true;
        try (DumpWriter writer = new DumpWriter(
                SnapshotFolder.hidden(file), settings.level(), settings.threads(), now -> show(kind, now))) {
            write(kind, writer);
            checkWritten(kind, writer.blocks());
            DumpWriter.Written written = writer.finish();
            draft = Optional.of(new Draft(kind, file, written));
            plainBytesBefore += written.plainBytes();
            weights.finished(kind);
        } catch (IOException e) {
            pgDump.cancel();
            throw failure(file, e);
        } finally {
            dumping = false;
        }
    }

    private void show(DumpKind kind, DumpWriter writer) {
        progress = new DumpProgress(
                kind.name(), all - left.size(), all, plainBytesBefore + writer.plainBytes(), weights.share(writer.blocks()));
        if (pgDump.isCancelled()) {
            throw new SnapshotFailure("stopped");
        }
    }

    private void write(DumpKind kind, DumpWriter to) throws IOException {
        SnapshotView.Server server = view.server();
        List<SnapshotView.Table> tables = view.tables(kind.tables());
        checkTables(kind, tables.stream().map(SnapshotView.Table::name).collect(Collectors.toSet())); // of none, pg_dump takes all
        List<SnapshotView.Table> whole = tables.stream()
                .filter(table -> !kind.filtered() || !SnapshotView.isFiltered(table.name()))
                .toList();
        pgDump.rows(server.snapshot(), whole, to);
        for (SnapshotView.Table table : tables) {
            if (!whole.contains(table)) {
                String begin = "COPY " + table.schema() + "." + table.name() + " (" + view.columns(table.name()) + ") FROM stdin;\n";
                to.write(begin.getBytes(StandardCharsets.UTF_8));
                copyFiltered(table.name(), to);
                to.write("\\.\n\n\n".getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private void copyFiltered(String table, DumpWriter to) throws IOException {
        try {
            view.copyFiltered(table, to);
        } catch (StorageException e) {
            throw pgDump.isCancelled() ? new SnapshotFailure("stopped", e) : e;
        }
    }

    private static void checkWritten(DumpKind kind, CopyBlocks written) {
        if (written.open().isPresent()) {
            throw new SnapshotFailure("pg_dump gave up early: the rows of " + written.open().get() + " do not end");
        }
        checkTables(kind, written.rows().keySet());
    }

    /** pg_dump passes over a table that is not there without a word, as long as one of the others is. */
    private static void checkTables(DumpKind kind, Set<String> there) {
        Set<String> missing = new TreeSet<>(kind.tables());
        missing.removeAll(there);
        if (!missing.isEmpty()) {
            throw new SnapshotFailure("pg_dump wrote nothing of " + String.join(", ", missing) + "; is the database migrated?"
                    + " (`db migrate`)");
        }
    }

    private SnapshotFailure failure(Path file, IOException e) {
        String name = file.getFileName().toString();
        String cause = String.valueOf(e.getMessage());
        if (cause.contains("No space left") || isFull()) {
            return new SnapshotFailure(
                    "the disk under " + folder + " is full; " + name + " was given up and nothing of it is left. Make room"
                            + " there, keep fewer (atmirror.snapshot.keep), or set atmirror.dumps.dir to a larger disk",
                    e);
        }
        return new SnapshotFailure(name + " cannot be written: " + cause, e);
    }

    private boolean isFull() {
        try {
            return folder.room() < ROOM_OF_A_FULL_DISK;
        } catch (IOException e) {
            return false;
        }
    }

    /** Writes the manifest of what was dumped last, and gives both their final names. */
    public synchronized Manifest publish() {
        Draft present = draft.orElseThrow(() -> new IllegalStateException("nothing was dumped"));
        DumpWriter.Written written = present.written();
        SnapshotView.Server server = view.server();
        boolean holdsTheLog = present.kind().holdsTheLog();
        Manifest manifest = new Manifest(
                new Manifest.Content(
                        present.kind().file(),
                        present.file().getFileName().toString(),
                        written.sha256(),
                        written.bytes(),
                        written.plainBytes(),
                        written.rows()),
                new Manifest.Origin(created, settings.tool(), server.migration(), pgDump.version(), server.version()),
                holdsTheLog ? view.logEnds(present.kind().filtered()) : Optional.empty(),
                holdsTheLog ? upstreams() : List.of(),
                present.kind().filtered() ? Optional.of(view.leftOut()) : Optional.empty(),
                holdsTheLog && settings.verified());
        try {
            folder.publish(present.file(), manifest);
        } catch (IOException e) {
            throw failure(present.file(), e);
        }
        return manifest;
    }

    private List<Manifest.Upstream> upstreams() {
        return view.cursors().stream()
                .map(cursor -> new Manifest.Upstream(
                        cursor.host(), cursor.kind(), cursor.seq(), cursor.time(), cursor.operations()))
                .toList();
    }

    /** Removes the oldest dumps of the name that was published last. @return what went */
    public synchronized List<Path> prune() {
        Draft present = draft.orElseThrow(() -> new IllegalStateException("nothing was dumped"));
        draft = Optional.empty();
        try {
            return folder.prune(present.kind().file(), settings.keep());
        } catch (IOException e) {
            throw new SnapshotFailure("older dumps cannot be removed: " + e.getMessage(), e);
        }
    }

    public DumpProgress progress() {
        return progress;
    }

    /** Gives up what is under way; from another thread. */
    public void cancel() {
        pgDump.cancel();
        if (dumping) {
            view.cancel();
        }
    }

    /** Gives up what is under way, and waits until nothing is left of it. */
    @Override
    public void close() {
        cancel();
        closeParts();
    }

    private synchronized void closeParts() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            draft.ifPresent(present -> folder.discard(present.file()));
            view.close();
        } finally {
            lock.close();
        }
    }

    /** For messages: 1.2 GB. */
    public static String bytes(long bytes) {
        if (bytes < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
        }
        return bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }
}
