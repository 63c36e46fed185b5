package dev.atmirror.app;

import dev.atmirror.api.DirectoryAnswers;
import dev.atmirror.api.DocumentShortPath;
import dev.atmirror.api.HostAnswers;
import dev.atmirror.api.Readiness;
import dev.atmirror.api.ServiceAnswers;
import dev.atmirror.api.SnapshotAnswers;
import dev.atmirror.api.XrpcAnswers;
import dev.atmirror.net.PdsUrl;
import dev.atmirror.plc.LogCursor;
import dev.atmirror.plc.LogSearch;
import dev.atmirror.plc.NumbersLookout;
import dev.atmirror.plc.OperationVerifier;
import dev.atmirror.plc.PlcMetrics;
import dev.atmirror.plc.PlcSettings;
import dev.atmirror.plc.PlcStream;
import dev.atmirror.plc.RequestPace;
import dev.atmirror.route.ApiServer;
import dev.atmirror.route.Rereading;
import dev.atmirror.route.RejectionLog;
import dev.atmirror.route.RouteFiles;
import dev.atmirror.route.SnapshotDumps;
import dev.atmirror.route.SnapshotFiles;
import dev.atmirror.route.SnapshotUploads;
import dev.atmirror.route.StandingRow;
import dev.atmirror.route.StoredPages;
import dev.atmirror.route.UpstreamAnswers;
import dev.atmirror.route.UpstreamClient;
import dev.atmirror.route.WriteGate;
import dev.atmirror.snapshot.SnapshotFolder;
import dev.atmirror.store.CollectionRepos;
import dev.atmirror.store.CrawlSums;
import dev.atmirror.store.DisorderedLogs;
import dev.atmirror.store.FormerCursors;
import dev.atmirror.store.FormerRejections;
import dev.atmirror.store.PdsHosts;
import dev.atmirror.store.PageRows;
import dev.atmirror.store.PipelinedLog;
import dev.atmirror.store.PlcLog;
import dev.atmirror.store.SyncStatus;
import dev.atmirror.store.UnreadableLines;
import dev.atmirror.store.WriterLease;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running program: the parts, put together, and the routes that drive them. */
public final class Mirror implements AutoCloseable {
    static final String VERSION =
            Optional.ofNullable(Mirror.class.getPackage().getImplementationVersion()).orElse("0.1.0");
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);

    private final Settings settings;
    private final PlcSettings plc;
    private final InstantSource clock = InstantSource.system();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PlcLog log;
    private final DirectoryAnswers directory;
    private final IdentityParts identity;
    private final WriterLease lease;
    private final LogCursor cursor;
    private final PlcStream stream;
    private final StoredPages pages;
    private final Rereading rereading;
    private final OperationVerifier verifier;
    private final RequestPace pace;
    private final StandingRow standing;
    private final RejectionLog rejections = new RejectionLog(clock);
    private final MirrorState state;
    private final DatabaseWatch watch;
    private final Databases databases;
    private final CrawlParts crawl;
    private final HandleParts handles;
    private final CachedSums sums;
    private final SnapshotDumps snapshots;
    private final SnapshotUploads uploads;
    private final DefaultCamelContext camel = new DefaultCamelContext(false);
    private Optional<ApiServer> api = Optional.empty();
    private Optional<Vertx> vertx = Optional.empty();
    private Optional<PipelinedLog> shortPath = Optional.empty();
    private int port;
    private boolean askedForHead;
    private boolean closed;
    private volatile OptionalLong head = OptionalLong.empty();

    /** Puts the parts together; nothing runs and nothing is asked yet. */
    public Mirror(Settings settings, Databases databases) {
        this(new CrawlSettings(settings, Optional.empty()), databases);
    }

    /** @param crawlSettings with the rest of the settings in them */
    Mirror(CrawlSettings crawlSettings, Databases databases) {
        Settings settings = crawlSettings.settings();
        this.settings = settings;
        this.databases = databases;
        plc = settings.plc();
        log = new PlcLog(databases.readers());
        directory = new DirectoryAnswers(
                log, this::readiness, settings.flag("atmirror.serve-while-behind"), plc.upstream().toString());
        lease = new WriterLease(databases.writer());
        PlcLog writerLog = new PlcLog(databases.writer());
        PlcMetrics counters = new PlcMetrics(metrics);
        cursor = new LogCursor(plc, writerLog, counters, clock);
        stream = new PlcStream(plc, cursor, counters, clock);
        verifier = new OperationVerifier(writerLog, plc.verifyThreads(), !plc.verify());
        Duration askAgainAfter = settings.duration("atmirror.plc.reread-after");
        PageRows rows = new PageRows(databases.writer(), askAgainAfter);
        pages = new StoredPages(cursor, verifier, rows, new FormerRejections(databases.writer()), counters);
        rereading = new Rereading(
                cursor,
                new UnreadableLines(databases.writer(), askAgainAfter),
                pages,
                new Rereading.Stored(writerLog, new DisorderedLogs(databases.writer(), writerLog, cursor.host())),
                !plc.verify());
        pace = new RequestPace(counters, clock);
        BooleanSupplier mayCrawl = crawlSettings.once().isPresent() ? () -> true : () -> readiness().caughtUpOnce();
        crawl = new CrawlParts(crawlSettings, databases, metrics, clock, mayCrawl);
        handles = new HandleParts(crawlSettings, crawl, camel, clock, mayCrawl);
        identity = new IdentityParts(
                settings,
                databases.readers(),
                handles.check(),
                () -> readiness().time(),
                () -> readiness().caughtUpOnce());
        standing = new StandingRow(cursor, pace, new SyncStatus(databases.readers()));
        watch = new DatabaseWatch(databases.watch(), clock, databases::renew);
        state = new MirrorState(plc, new MirrorState.Sources(cursor, pages, pace, standing), watch, clock);
        sums = new CachedSums(databases.readers(), clock, metrics);
        SnapshotParts dumping = new SnapshotParts(settings, databases, clock);
        uploads = new SnapshotUploads(dumping.uploads());
        Path dumps = SnapshotParts.folder(settings).path();
        snapshots = new SnapshotDumps(() -> dumping.begin(dumping.kinds()), file -> uploads.add(dumps.resolve(file)));
        new JvmMemoryMetrics().bindTo(metrics);
        new JvmGcMetrics().bindTo(metrics);
        Gauge.builder("atmirror.plc.seq", cursor, c -> known(c.standing().position().seq()))
                .description("Sequence number up to which the log is read")
                .register(metrics);
        Gauge.builder("atmirror.plc.time.seconds", cursor, c -> known(c.standing().position().time().getEpochSecond()))
                .description("Time of the newest operation read, in seconds since 1970")
                .register(metrics);
        Gauge.builder("atmirror.ready", this, m -> m.readiness().ready() ? 1 : 0)
                .description("1 when answers are up to date")
                .register(metrics);
    }

    /** NaN, which is left out of what Prometheus reads, for the 0 of a log of which nothing was read, or that has no numbers. */
    private static double known(long value) {
        return value > 0 ? value : Double.NaN;
    }

    /** Starts the stages that the settings switch on, and the API where it is wanted. */
    public void start(Predicate<String> wanted, boolean withApi) throws Exception {
        watch.start();
        if (watch.isReadOnly()) {
            standing.learn();
        } else {
            new FormerCursors(databases.writer()).takeOver(plc.address());
        }
        pages.tellOfRejections(rejections::stored);
        state.begin(new SyncStatus(databases.writer()));
        camel.getPropertiesComponent().setInitialProperties(settings.forRoutes());
        camel.setLoadTypeConverters(false);
        camel.getShutdownStrategy().setTimeout(STOP_TIMEOUT.toSeconds());
        camel.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        // What is still at work then waits for the upstream's window, which may be minutes; the cursor has not moved for it.
        camel.getComponent("quartz", QuartzComponent.class).setInterruptJobsOnShutdown(true);
        MicrometerRoutePolicyFactory routeMetrics = new MicrometerRoutePolicyFactory();
        routeMetrics.setMeterRegistry(metrics);
        camel.addRoutePolicyFactory(routeMetrics);
        camel.addRoutePolicyFactory(new WriteGate(watch::isReadOnly));
        bindRoles();
        if (withApi) {
            vertx = Optional.of(Vertx.vertx());
            ApiServer server = new ApiServer(vertx.get(), clock);
            api = Optional.of(server);
            camel.build();
            openShortPath(server);
            served().ifPresent(folder -> server.router().get(SnapshotFiles.PATH).handler(new SnapshotFiles(folder)));
            identity.serve(server, metrics);
            pages.tell(identity::news);
            server.serve(camel);
        }
        RouteFiles.load(camel, Path.of("routes"), wanted.and(name -> !RestoreRun.isRoute(name)));
        camel.build();
        camel.getManagementStrategy().addEventNotifier(OutOfMemory.inRoutes());
        camel.start();
        if (api.isPresent()) {
            port = api.get().start(settings.text("atmirror.http.host"), settings.number("atmirror.http.port"));
            LOG.info("answering on port {}", port);
        }
    }

    /** The snapshots that the API hands out. */
    private Optional<SnapshotFolder> served() {
        return settings.flag("atmirror.snapshot.serve") ? Optional.of(SnapshotParts.folder(settings)) : Optional.empty();
    }

    private void openShortPath(ApiServer server) {
        if (settings.flag("atmirror.http.short-path")) {
            Databases.Address database = databases.address();
            shortPath = PipelinedLog.open(server.vertx(), database.jdbcUrl(), database.user(), database.password());
            shortPath.ifPresent(fast -> server.router()
                    .get(DocumentShortPath.PATH)
                    .handler(new DocumentShortPath(fast, directory, metrics)));
        }
    }

    private void bindRoles() {
        var registry = camel.getRegistry();
        registry.bind("writerDatabase", databases.writer());
        registry.bind("writerLease", lease);
        registry.bind("logCursor", cursor);
        registry.bind("numbersLookout", new NumbersLookout(cursor, new LogSearch(plc), plc, clock));
        registry.bind("rereading", rereading);
        registry.bind("plcStream", stream);
        registry.bind("requestPace", pace);
        registry.bind("upstreamClient", new UpstreamClient());
        registry.bind("upstreamAnswers", new UpstreamAnswers(cursor, pace, plc.address()));
        registry.bind("operationVerifier", verifier);
        registry.bind("storedPages", pages);
        registry.bind("directory", directory);
        identity.bindInto(registry, directory);
        registry.bind("standing", standing);
        registry.bind("service", new ServiceAnswers(VERSION, this::readiness, crawling(), metrics));
        registry.bind("hosts", new HostAnswers(new PdsHosts(databases.readers()), PdsUrl::meant));
        registry.bind("xrpc", new XrpcAnswers(new CollectionRepos(databases.readers())));
        registry.bind("snapshots", new SnapshotAnswers(served()));
        registry.bind("metrics", metrics);
        registry.bind("snapshotDumps", snapshots);
        registry.bind("snapshotUploads", uploads);
        crawl.bindInto(registry);
        handles.bindInto(registry);
    }

    private ServiceAnswers.Crawling crawling() {
        return new ServiceAnswers.Crawling() {
            @Override
            public Optional<CrawlSums> sums() {
                return sums.now();
            }

            @Override
            public boolean isOn(String stage) {
                return camel.getRoute(stage) != null && camel.getRouteController().getRouteStatus(stage).isStarted();
            }
        };
    }

    public Readiness readiness() {
        return state.now();
    }

    /**
     * Starts or stops a stage while the program runs. A running page is finished; the next start goes on behind it.
     * Without plc-logs nothing is read at all: the stream ends, too, as it can only begin where pages ended.
     *
     * @param stage also the id of its route
     */
    void toggle(String stage, boolean on) {
        try {
            if (camel.getRoute(stage) == null) {
                LOG.warn("there is no route {}; nothing to switch", stage);
                return;
            }
            if (stage.equals("plc-logs")) {
                cursor.halt(!on); // ends the loop behind its present page
            } else if (stage.equals("plc-stream") && !on) {
                stream.stop();
            }
            crawl.halt(stage, !on);
            if (stage.equals("handles")) {
                handles.halt(!on);
            }
            if (stage.equals("snapshot")) {
                snapshots.halt(!on);
                uploads.halt(!on);
            } else if (stage.equals("handle-names")) {
                identity.halt(!on);
            }
            if (on) {
                camel.getRouteController().startRoute(stage);
            } else {
                camel.getRouteController().stopRoute(stage);
            }
        } catch (Exception e) { // Camel declares no less
            throw new IllegalStateException("switching " + stage + ": " + e.getMessage(), e);
        }
    }

    CrawlParts crawl() {
        return crawl;
    }

    HandleParts handles() {
        return handles;
    }

    RequestPace pace() {
        return pace;
    }

    /** About the upstream's last sequence number. The first call asks for it in the background, if we read the log at all. */
    synchronized OptionalLong head() {
        LogCursor.Standing now = cursor.standing();
        if (!askedForHead && now.behind() && now.position().seq() > 0) {
            askedForHead = true;
            estimateHead();
        }
        return head;
    }

    private void estimateHead() {
        Thread asking = new Thread(
                () -> head = new LogSearch(plc).estimateEnd(cursor.standing().position().seq()), "log-search");
        asking.setDaemon(true);
        asking.start();
    }

    public int port() {
        return port;
    }

    public CamelContext camel() {
        return camel;
    }

    public LogCursor cursor() {
        return cursor;
    }

    public PlcStream stream() {
        return stream;
    }

    public StoredPages pages() {
        return pages;
    }

    public String metricsText() {
        return metrics.scrape();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        cursor.halt(true);
        stream.stop();
        crawl.stop();
        handles.halt(true);
        snapshots.halt(true);
        uploads.halt(true);
        identity.close();
        api.ifPresent(ApiServer::close);
        camel.stop();
        snapshots.close();
        handles.close();
        crawl.close();
        shortPath.ifPresent(PipelinedLog::close);
        vertx.ifPresent(Vertx::close);
        rejections.end();
        watch.close();
        lease.close();
    }
}
