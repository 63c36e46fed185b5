package dev.atmirror.app;

import dev.atmirror.cli.Program;
import dev.atmirror.route.RouteFiles;
import dev.atmirror.route.SnapshotRestores;
import dev.atmirror.snapshot.FileInput;
import dev.atmirror.snapshot.OpenedSnapshot;
import dev.atmirror.snapshot.RestoreFailures;
import dev.atmirror.snapshot.RestoreProgress;
import dev.atmirror.snapshot.RestoreSettings;
import dev.atmirror.snapshot.SnapshotInput;
import dev.atmirror.snapshot.SnapshotRestore;
import dev.atmirror.store.RestoredState;
import dev.atmirror.store.Schema;
import dev.atmirror.store.TableLoad;
import dev.atmirror.store.WriterLease;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One file on its way into the database, by the routes that are declared for it. */
final class RestoreRun implements Program.Restoring {
    private static final String ROUTES = "snapshot-restore";
    private static final String ENTRY = "direct:snapshot-restore";
    private static final Logger LOG = LoggerFactory.getLogger(RestoreRun.class);

    private final Settings settings;
    private final Databases databases;
    private final SnapshotInput input;
    private final Schema schema;
    private final WriterLease lease;
    private final SnapshotRestores restores;
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private boolean closed;

    private RestoreRun(Settings settings, Databases databases, SnapshotInput input, boolean trusting) {
        this.settings = settings;
        this.databases = databases;
        this.input = input;
        schema = new Schema(databases.schema());
        lease = new WriterLease(databases.writer());
        restores = new SnapshotRestores(
                new RestoreSettings(trusting, settings.plc().verifyThreads(), settings.plc().host()),
                () -> OpenedSnapshot.of(input, schema.latest()),
                this::begin);
    }

    /** Whether a route is for restoring alone, and has no part in a running mirror. */
    static boolean isRoute(String name) {
        return name.startsWith(ROUTES);
    }

    /** @throws dev.atmirror.snapshot.SnapshotFailure where there is no such file, or it is not what its manifest says */
    static RestoreRun open(Settings settings, String file, boolean trusting) {
        SnapshotInput input;
        try {
            input = new FileInput(Path.of(file));
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        Databases databases = Databases.open(settings);
        try {
            new Schema(databases.schema()).migrate();
            return new RestoreRun(settings, databases, input, trusting);
        } catch (RuntimeException e) {
            databases.close();
            throw e;
        }
    }

    private TableLoad begin() {
        if (!lease.isHeld()) {
            throw new IllegalStateException("a mirror is running on this database; stop it first");
        }
        if (schema.isCrawling()) {
            throw new IllegalStateException("a process is asking hosts of accounts; stop it first"
                    + " (after a crash, its claims end within a minute)");
        }
        return TableLoad.begin(databases.schema());
    }

    @Override
    public List<String> run() {
        try {
            camel.getPropertiesComponent().setInitialProperties(settings.forRoutes());
            camel.getRegistry().bind("snapshotRestores", restores);
            RouteFiles.load(camel, Path.of("routes"), name -> name.equals(ROUTES));
            camel.start();
        } catch (Exception e) { // Camel declares no less
            throw new IllegalStateException(e.getMessage(), e);
        }
        Exchange done = camel.createProducerTemplate().send(ENTRY, exchange -> {});
        if (done.getException() != null) {
            throw RestoreFailures.explained(input.name(), done.getException());
        }
        return restores.restored().map(this::described).orElse(List.of());
    }

    private List<String> described(SnapshotRestore.Restored restored) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s  %,d rows restored, %s",
                input.name(),
                restored.rows().values().stream().mapToLong(Long::longValue).sum(),
                restored.verified().isPresent() ? "every operation verified" : "not verified"));
        restored.verified().ifPresent(found -> {
            if (found.allQuarantined() > 0) {
                lines.add(String.format(Locale.ROOT, "%,d operations failed and are kept in rejected_operations: %s",
                        found.allQuarantined(), found.quarantined()));
            }
            if (found.corrected() + found.heads() + found.doubled() + found.emptied() > 0) {
                lines.add(String.format(Locale.ROOT,
                        "corrected: %,d operations, %,d heads of accounts; removed: %,d doubled rows, %,d accounts without operations",
                        found.corrected(), found.heads(), found.doubled(), found.emptied()));
            }
        });
        for (RestoredState.Cursor cursor : restored.cursors()) {
            lines.add("reading " + cursor.host() + " goes on behind " + (cursor.kind().equals("seq") ? cursor.seq() : cursor.time()));
        }
        return lines;
    }

    @Override
    public Optional<RestoreProgress> progress() {
        return restores.progress();
    }

    @Override
    public void close() {
        restores.cancel();
        closeParts();
    }

    private synchronized void closeParts() {
        if (closed) {
            return;
        }
        closed = true;
        camel.stop();
        restores.failed();
        try {
            input.close();
        } catch (IOException e) {
            LOG.debug("closing the file", e);
        }
        lease.close();
        databases.close();
    }
}
