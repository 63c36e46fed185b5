package dev.atmirror.app;

import dev.atmirror.net.Backoff;
import dev.atmirror.net.HostBudget;
import dev.atmirror.net.HostBudgets;
import dev.atmirror.pds.NsidPatterns;
import dev.atmirror.route.AnswerMemory;
import dev.atmirror.route.Crawl;
import dev.atmirror.route.CrawlBudget;
import dev.atmirror.route.CrawlMetrics;
import dev.atmirror.route.CrawlThreads;
import dev.atmirror.route.DescribeRepos;
import dev.atmirror.route.HostCheck;
import dev.atmirror.route.HostFinder;
import dev.atmirror.route.HostNames;
import dev.atmirror.route.HostRounds;
import dev.atmirror.route.PdsHttp;
import dev.atmirror.route.PdsRequests;
import dev.atmirror.route.RecentRecords;
import dev.atmirror.route.RelayList;
import dev.atmirror.route.RepoListing;
import dev.atmirror.route.StagePace;
import dev.atmirror.store.CrawlWork;
import dev.atmirror.store.StorageException;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.apache.camel.spi.Registry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of the stages that ask hosts, put together. */
final class CrawlParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CrawlParts.class);

    private final CrawlSettings crawlSettings;
    private final Databases databases;
    private final InstantSource clock;
    private final String owner = UUID.randomUUID().toString();
    private final PdsHttp http;
    private final ExecutorService threads = CrawlThreads.named("visit");
    private final Crawl crawl;
    private final CrawlMetrics metrics;
    private final MeterRegistry registry;
    private final HostBudget hostBudget;
    private final HostFinder finder;
    private final RelayList relay;
    private final Map<String, HostRounds> rounds = new LinkedHashMap<>();

    CrawlParts(CrawlSettings crawlSettings, Databases databases, MeterRegistry registry, InstantSource clock, BooleanSupplier mayBegin) {
        this.crawlSettings = crawlSettings;
        this.databases = databases;
        this.clock = clock;
        Settings settings = crawlSettings.settings();
        RandomGenerator random = new SecureRandom(); // the default one must not be shared between threads
        http = new PdsHttp(crawlSettings.limits(), crawlSettings.pool(), crawlSettings.allowPrivate());
        this.registry = registry;
        metrics = new CrawlMetrics(registry);
        hostBudget = new HostBudgets(settings.number("atmirror.pds.requests-per-second"), clock, random);
        CrawlBudget budget = new CrawlBudget(
                hostBudget,
                new HostBudgets(settings.number("atmirror.pds.operator-requests-per-second"), clock, random),
                AnswerMemory.of(Runtime.getRuntime().maxMemory()));
        crawl = new Crawl(owner, budget, new Backoff(random), clock, mayBegin);
        finder = new HostFinder(crawlSettings.sources());
        relay = new RelayList(crawlSettings.relay(), crawlSettings.sources(), hostBudget, clock);
        int lanes = settings.number("atmirror.pds.lanes");
        add("pds-hosts", "atmirror.pds-hosts.older-than", 1);
        add("pds-accounts", "atmirror.pds-accounts.older-than", 1); // a cursor leads from page to page
        add("describe-repo", "atmirror.describe-repo.older-than", lanes);
        add("recent-records", "atmirror.recent-records.older-than", lanes);
    }

    private void add(String stage, String olderThan, int lanes) {
        rounds.put(stage, new HostRounds(crawl, crawlSettings.stage(stage, olderThan, lanes)));
    }

    /** Under the names that the routes call them by. */
    void bindInto(Registry registry) {
        registry.bind("crawlDatabase", databases.crawler());
        registry.bind("crawlThreads", threads);
        registry.bind("pdsHttp", http);
        registry.bind("crawl", crawl);
        registry.bind("pdsRequests", new PdsRequests(crawl, metrics));
        registry.bind("hostFinder", finder);
        registry.bind("relayList", relay);
        registry.bind("hostCheck", new HostCheck(crawl, metrics));
        registry.bind("hostNames", new HostNames(crawl));
        registry.bind("repoListing", new RepoListing(crawl, metrics));
        registry.bind("describeRepos", new DescribeRepos(crawl, metrics));
        Settings settings = crawlSettings.settings();
        NsidPatterns wanted = new NsidPatterns(crawlSettings.list("atmirror.recent-records.collections"));
        registry.bind(
                "recentRecords",
                new RecentRecords(crawl, metrics, wanted, settings.number("atmirror.recent-records.limit")));
        registry.bind("checkRounds", rounds.get("pds-hosts"));
        registry.bind("listRounds", rounds.get("pds-accounts"));
        registry.bind("describeRounds", rounds.get("describe-repo"));
        registry.bind("recordRounds", rounds.get("recent-records"));
    }

    /** Of each host, for whatever it is asked. */
    HostBudget hostBudget() {
        return hostBudget;
    }

    CrawlMetrics metrics() {
        return metrics;
    }

    MeterRegistry registry() {
        return registry;
    }

    /** Ends a stage's visits behind their present requests, or lets it begin new ones. */
    void halt(String stage, boolean on) {
        if (rounds.containsKey(stage)) {
            rounds.get(stage).halt(on);
        }
    }

    /** What the stage has gone through since the start. */
    long done(String stage) {
        return metrics.done(stage);
    }

    /** Hosts that the stage is asking. */
    int visiting(String stage) {
        return rounds.get(stage).visiting();
    }

    /** What the stage has before it. */
    CrawlWork.Scope scope(String stage) {
        StagePace pace = rounds.get(stage).pace();
        return new CrawlWork.Scope(stage, clock.instant(), pace.claim(), pace.only(), pace.start());
    }

    /** Makes due what was asked longer ago. */
    void makeDue(String stage, Duration olderThan) {
        Duration ahead = rounds.get(stage).pace().again().minus(olderThan);
        new CrawlWork(databases.crawler()).makeDue(scope(stage), clock.instant().plus(ahead));
    }

    /** Whether all hosts are known that the log, the file and the relay name. */
    boolean knowsHosts() {
        return finder.hasFinished() && !relay.isUnderWay();
    }

    /** Begins to stop: what is asked at present is still stored. */
    void stop() {
        rounds.values().forEach(stage -> stage.halt(true));
    }

    @Override
    public void close() {
        stop();
        threads.shutdown();
        http.close();
        try {
            new CrawlWork(databases.crawler()).release(owner);
        } catch (StorageException e) {
            LOG.debug("hosts were not given back; their leases end by themselves", e);
        }
    }
}
