package dev.atmirror.app;

import dev.atmirror.cli.Program;
import dev.atmirror.route.RouteFiles;
import dev.atmirror.route.SnapshotRestores;
import dev.atmirror.snapshot.OpenedSnapshot;
import dev.atmirror.snapshot.RestoreFailures;
import dev.atmirror.snapshot.RestoreProgress;
import dev.atmirror.snapshot.RestoreSettings;
import dev.atmirror.snapshot.SkippedLines;
import dev.atmirror.snapshot.SnapshotInput;
import dev.atmirror.store.FormerCursors;
import dev.atmirror.store.LogAside;
import dev.atmirror.store.ReadOnly;
import dev.atmirror.store.Schema;
import dev.atmirror.store.TableLoad;
import dev.atmirror.store.WriterLease;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One file on its way into the database, by the routes that are declared for it. */
final class RestoreRun implements Program.Restoring, SnapshotRestores.Surroundings {
    private static final Set<String> ROUTES =
            Set.of("snapshot-restore", "snapshot-restore-tables", "snapshot-restore-rows", "snapshot-restore-aside");
    private static final String ENTRY = "direct:snapshot-restore";
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10); // whoever sent the signal waits
    private static final Logger LOG = LoggerFactory.getLogger(RestoreRun.class);

    private final Settings settings;
    private final Databases databases;
    private final SnapshotInput input;
    private final Schema schema;
    private final WriterLease lease;
    private final SnapshotRestores restores;
    private final PagesRestoreParts pages;
    private final SeedRowsParts seedRows;
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private boolean closed;

    private RestoreRun(Settings settings, Databases databases, SnapshotInput input, boolean trusting) {
        this.settings = settings;
        this.databases = databases;
        this.input = input;
        schema = new Schema(databases.schema());
        lease = new WriterLease(databases.writer());
        restores = new SnapshotRestores(
                new RestoreSettings(trusting, settings.plc().verifyThreads(), settings.plc().address().key()), this);
        pages = new PagesRestoreParts(
                settings, databases, restores::pages, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        seedRows = new SeedRowsParts(
                settings, databases, () -> restores.file()
                        .map(file -> new SeedRowsParts.Opened(file.input(), file.plain(), file.format()))
                        .orElseThrow());
    }

    /** Whether a route is for restoring alone, and has no part in a running mirror. */
    static boolean isRoute(String name) {
        return name.startsWith("snapshot-restore");
    }

    /** @throws dev.atmirror.snapshot.SnapshotFailure where there is no such file, or it is not what its manifest says */
    static RestoreRun open(Settings settings, String file, boolean trusting) {
        Databases databases = Databases.open(settings);
        try {
            ReadOnly.refuse(databases.schema());
            new Schema(databases.schema()).migrate();
            new FormerCursors(databases.schema()).takeOver(settings.plc().address());
            return new RestoreRun(settings, databases, SnapshotParts.inputs(settings).open(file), trusting);
        } catch (RuntimeException e) {
            databases.close();
            throw e;
        }
    }

    @Override
    public OpenedSnapshot open() {
        return OpenedSnapshot.of(input, schema.latest());
    }

    @Override
    public LogAside logAside(boolean numbered) {
        return new LogAside(databases.schema(), numbered);
    }

    @Override
    public TableLoad begin() {
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
    public TableLoad beginBehindPages() {
        return TableLoad.begin(databases.schema());
    }

    @Override
    public void letWrite() {
        lease.close();
    }

    @Override
    public List<String> run() {
        try {
            camel.getManagementStrategy().addEventNotifier(OutOfMemory.inRoutes());
            camel.getShutdownStrategy().setTimeout(STOP_TIMEOUT.toSeconds());
            camel.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
            camel.getPropertiesComponent().setInitialProperties(settings.forRoutes());
            camel.getRegistry().bind("snapshotRestores", restores);
            pages.bindInto(camel.getRegistry());
            seedRows.bindInto(camel.getRegistry());
            RouteFiles.load(
                    camel, Path.of("routes"), name -> ROUTES.contains(name) || PagesRestoreParts.ROUTES.contains(name) || SeedRowsParts.ROUTES.contains(name));
            camel.start();
        } catch (Exception e) { // Camel declares no less
            throw new IllegalStateException(e.getMessage(), e);
        }
        Exchange done = camel.createProducerTemplate().send(ENTRY, exchange -> {});
        if (done.getException() != null) {
            throw RestoreFailures.explained(input.name(), done.getException());
        }
        List<String> said = new ArrayList<>(restores.outcome());
        seedRows.restore().outcome().map(taken -> input.name() + "  " + taken).ifPresent(said::add);
        if (said.isEmpty()) {
            said.add(input.name() + "  " + pages.stored().count() + " operations stored");
            pages.restore().skipped().sentence().ifPresent(said::add);
            pages.restore().outcome().ifPresent(said::add);
        }
        seedRows.restore().skipped().flatMap(SkippedLines::sentence).ifPresent(said::add);
        return said;
    }

    @Override
    public long skipped() {
        return pages.restore().skipped().count()
                + seedRows.restore().skipped().map(SkippedLines::count).orElse(0L);
    }

    @Override
    public Optional<RestoreProgress> progress() {
        Optional<RestoreProgress> progress = restores.progress();
        return progress.isPresent() || !restores.isByPages()
                ? progress
                : Optional.of(RestoreProgress.ofFile("verifying", input));
    }

    @Override
    public void close() {
        restores.cancel();
        pages.restore().stop();
        seedRows.restore().stop();
        closeInput(); // a download may be waiting for a server that says nothing
        closeParts();
    }

    private synchronized void closeParts() {
        if (closed) {
            return;
        }
        closed = true;
        try (databases) {
            camel.stop();
            restores.failed();
            pages.close();
            seedRows.close();
        }
    }

    private void closeInput() {
        try {
            input.close();
        } catch (IOException e) {
            LOG.debug("closing the file", e);
        }
    }
}
