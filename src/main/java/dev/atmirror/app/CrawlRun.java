package dev.atmirror.app;

import dev.atmirror.cli.Program;
import dev.atmirror.cli.UsageError;
import dev.atmirror.net.PdsUrl;
import dev.atmirror.store.CrawlWork;
import dev.atmirror.store.PdsHosts;
import dev.atmirror.store.ReadOnly;
import dev.atmirror.store.Schema;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One run of a stage that asks hosts, until nothing is due that it could do. Hosts that fail once are waited for; those
 * that fail again are left for a later run, or for the schedule.
 */
final class CrawlRun implements Program.Crawling {
    private static final int FAILURES_WAITED_FOR = 2;
    /** Finding hosts comes first whatever the stage. */
    private static final Set<String> COMMON = Set.of(
            "pds-hosts",
            "pds-endpoints",
            "pds-skipped",
            "pds-log",
            "pds-relay",
            "pds-relay-round",
            "pds-check",
            "pds-check-host",
            "pds-names",
            "pds-fetch",
            "pds-visit-end",
            "pds-leases");

    private final String stage;
    private final Mirror mirror;
    private final Databases databases;
    private final CrawlWork work;
    private final LeftCount left;
    private boolean closed;

    private CrawlRun(String stage, Mirror mirror, Databases databases, InstantSource clock) {
        this.stage = stage;
        this.mirror = mirror;
        this.databases = databases;
        this.work = new CrawlWork(databases.crawler());
        this.left = new LeftCount(() -> work.accounts(mirror.crawl().scope(stage)), clock);
    }

    static CrawlRun start(Program.Crawl crawl, Map<String, String> set, InstantSource clock) {
        Settings settings = Settings.load(overrides(crawl, set));
        boolean allowPrivate = settings.flag("atmirror.net.allow-private");
        List<String> only = crawl.pds().stream().map(url -> host(url, allowPrivate)).toList();
        Databases databases = Databases.open(settings);
        try {
            ReadOnly.refuse(databases.readers());
            new Schema(databases.readers()).migrate();
            CrawlSettings.Once once = new CrawlSettings.Once(
                    crawl.stage(), crawl.olderThan(), withLeaders(only, new PdsHosts(databases.readers())), crawl.start());
            Mirror mirror = new Mirror(new CrawlSettings(settings, Optional.of(once)), databases);
            crawl.olderThan().ifPresent(age -> mirror.crawl().makeDue(crawl.stage(), age));
            mirror.start(route -> COMMON.contains(route) || isPartOf(crawl.stage(), route), false);
            return new CrawlRun(crawl.stage(), mirror, databases, clock);
        } catch (RuntimeException e) {
            databases.close();
            throw e;
        } catch (Exception e) { // Camel declares no less
            databases.close();
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Another name of a host means that host, which is the one that is asked. */
    private static List<String> withLeaders(List<String> only, PdsHosts known) {
        Stream<String> leaders = only.stream()
                .flatMap(url -> known.find(List.of(url)).stream())
                .flatMap(host -> host.leader().stream())
                .map(PdsHosts.Leader::pds);
        return Stream.concat(only.stream(), leaders).distinct().toList();
    }

    private static boolean isPartOf(String stage, String route) {
        return route.equals(stage) || route.startsWith(stage + "-");
    }

    private static Map<String, String> overrides(Program.Crawl crawl, Map<String, String> set) {
        Map<String, String> overrides = new HashMap<>(set);
        for (String stage : Set.copyOf(List.of("pds-hosts", crawl.stage()))) { // which may be one and the same
            overrides.put("atmirror.routes." + stage + ".enabled", "true");
            overrides.put("atmirror.routes." + stage + ".schedule", "* * * * * ?"); // now, not when the cron next says
        }
        crawl.parallel().ifPresent(hosts -> overrides.put("atmirror.pds.hosts-at-once", String.valueOf(hosts)));
        crawl.limit().ifPresent(limit -> overrides.put("atmirror.recent-records.limit", String.valueOf(limit)));
        if (!crawl.collections().isEmpty()) {
            overrides.put("atmirror.recent-records.collections", String.join(",", crawl.collections()));
        }
        return overrides;
    }

    private static String host(String given, boolean allowPrivate) {
        String url = given.contains("://") ? given : "https://" + given;
        return PdsUrl.of(url, allowPrivate)
                .map(PdsUrl::toString)
                .orElseThrow(() -> new UsageError("no host that may be asked: " + given
                        + (allowPrivate ? "" : " (atmirror.net.allow-private lets it be one of this machine)")));
    }

    @Override
    public synchronized Program.CrawlProgress progress() {
        CrawlParts crawl = mirror.crawl();
        int visiting = crawl.visiting(stage);
        long done = crawl.done(stage);
        long unchecked = hosts("pds-hosts", 1);
        long hosts = stage.equals("pds-hosts") ? unchecked : hosts(stage, FAILURES_WAITED_FOR);
        boolean checking = crawl.visiting("pds-hosts") > 0;
        boolean finished = closed
                || crawl.knowsHosts() && !checking && unchecked == 0 && hosts == 0 && visiting == 0 && crawl.visiting(stage) == 0;
        OptionalLong now = closed ? OptionalLong.empty() : left.after(done);
        return new Program.CrawlProgress(done, now, visiting, hosts, finished);
    }

    @Override
    public synchronized List<String> unreached() {
        if (closed) {
            return List.of();
        }
        PdsHosts known = new PdsHosts(databases.readers());
        return mirror.crawl().scope(stage).only().stream()
                .flatMap(url -> known.find(List.of(url)).stream())
                .filter(host -> host.failures() > 0 || host.lastSuccess().isEmpty())
                .map(host -> host.pds() + host.lastError().map(error -> " (" + error + ")").orElse(""))
                .toList();
    }

    private long hosts(String of, int failures) {
        return closed ? 0 : work.hosts(mirror.crawl().scope(of), failures);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            try (databases) {
                mirror.close();
            }
        }
    }
}
