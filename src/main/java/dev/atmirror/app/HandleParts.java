package dev.atmirror.app;

import dev.atmirror.handle.HandleCheck;
import dev.atmirror.handle.HandleDns;
import dev.atmirror.handle.LocalHandles;
import dev.atmirror.handle.WellKnown;
import dev.atmirror.net.Backoff;
import dev.atmirror.net.FetchLimits;
import dev.atmirror.net.HostBudget;
import dev.atmirror.net.HostBudgets;
import dev.atmirror.net.PoolLimits;
import dev.atmirror.route.HandleChecks;
import dev.atmirror.route.HandleLog;
import dev.atmirror.route.HandleMetrics;
import dev.atmirror.route.HandlePace;
import dev.atmirror.route.HandleRefresh;
import dev.atmirror.route.HandleRounds;
import dev.atmirror.route.HandleRows;
import dev.atmirror.route.PdsHttp;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;

/** The parts of the stage that checks handles, put together. */
final class HandleParts implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(10); // most hosts are asked once
    private static final int CONNECTIONS_OF_A_HOST = 20; // a big one stands behind very many handles
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(10);
    private static final Duration LONGEST_PAUSE = Duration.ofDays(7); // domains that are gone for good are very many

    private final PdsHttp http;
    private final HandleLog log;
    private final HandleRounds rounds;
    private final HandlePace pace;
    private final HandleMetrics metrics;
    private final HandleChecks checks;
    private final HandleRows rows;
    private final HandleRefresh refresh;

    HandleParts(CrawlSettings crawlSettings, CrawlParts crawl, CamelContext camel, InstantSource clock, BooleanSupplier mayBegin) {
        Settings settings = crawlSettings.settings();
        int atOnce = settings.number("atmirror.handles.parallel");
        Duration timeout = settings.duration("atmirror.handles.timeout");
        http = new PdsHttp(
                new FetchLimits(timeout.dividedBy(2), timeout, timeout, WellKnown.LARGEST_BODY),
                new PoolLimits(atOnce, CONNECTIONS_OF_A_HOST, IDLE),
                crawlSettings.allowPrivate());
        RandomGenerator random = new SecureRandom(); // the default one must not be shared between threads
        HostBudget dnsBudget = new HostBudgets(settings.number("atmirror.handles.dns-queries-per-second"), clock, random);
        HandleDns dns = HandleDns.open(crawlSettings.list("atmirror.handles.resolvers"), timeout, dnsBudget);
        pace = new HandlePace(crawl.hostBudget(), clock, dns::pausedFor);
        rounds = new HandleRounds(
                new HandleRounds.Settings(
                        atOnce,
                        settings.number("atmirror.pds.requests-per-second"),
                        settings.duration("atmirror.handles.claim")),
                pace,
                mayBegin);
        log = new HandleLog(crawlSettings.list("atmirror.handles.operators"), clock);
        metrics = new HandleMetrics(crawl.registry(), crawl.metrics());
        checks = new HandleChecks(sources(crawlSettings, dns), rounds, pace, metrics);
        Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, random);
        Duration longest = settings.duration("atmirror.handles.older-than");
        rows = new HandleRows(pace, log, rounds, new HandleRows.Schedule(longest, backoff, random));
        refresh = new HandleRefresh(camel);
    }

    private static HandleChecks.Sources sources(CrawlSettings crawlSettings, HandleDns dns) {
        List<String> resolvers = crawlSettings.list("atmirror.handles.resolvers");
        List<String> local = crawlSettings.list("atmirror.handles.local");
        if (!local.isEmpty() && !crawlSettings.allowPrivate()) {
            throw new IllegalArgumentException("atmirror.handles.local needs atmirror.net.allow-private, for networks of one machine");
        }
        return new HandleChecks.Sources(
                dns, new LocalHandles(local), !resolvers.isEmpty(), crawlSettings.allowPrivate());
    }

    /** Under the names that the routes call them by. */
    void bindInto(Registry registry) {
        registry.bind("handleHttp", http);
        registry.bind("handleLog", log);
        registry.bind("handleRounds", rounds);
        registry.bind("handleChecks", checks);
        registry.bind("handleRows", rows);
    }

    /** Checks one handle at once, while the routes run. */
    HandleCheck check() {
        return refresh;
    }

    /** Handles checked since the start. */
    long done() {
        return metrics.done();
    }

    int underWay() {
        return rounds.underWay();
    }

    /** Whether the log was followed to its end. */
    boolean knowsHandles() {
        return log.hasFinished();
    }

    /** Ends the round behind what is under way, or lets the next one begin. */
    void halt(boolean on) {
        rounds.halt(on);
    }

    @Override
    public void close() {
        rounds.halt(true);
        http.close();
    }
}
