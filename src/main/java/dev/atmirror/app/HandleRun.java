package dev.atmirror.app;

import dev.atmirror.cli.Program;
import dev.atmirror.store.HandleWork;
import dev.atmirror.store.ReadOnly;
import dev.atmirror.store.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One run of the stage that checks handles, until nothing is due that was due when it began. */
final class HandleRun implements Program.Crawling {
    private static final String STAGE = "handles";

    private final Mirror mirror;
    private final Databases databases;
    private final HandleWork work;
    private final InstantSource clock;
    private final Instant until;
    private final LeftCount left;
    private boolean closed;

    /** @param until by then what a killed process had claimed is due, too */
    private HandleRun(Mirror mirror, Databases databases, InstantSource clock, Instant until) {
        this.mirror = mirror;
        this.databases = databases;
        this.work = new HandleWork(databases.crawler());
        this.clock = clock;
        this.until = until;
        this.left = new LeftCount(() -> OptionalLong.of(work.left(until)), clock);
    }

    static HandleRun start(Program.Crawl crawl, Map<String, String> set, InstantSource clock) {
        Settings settings = Settings.load(overrides(crawl, set));
        Databases databases = Databases.open(settings);
        try {
            ReadOnly.refuse(databases.schema());
            new Schema(databases.schema()).migrate();
            Duration claim = settings.duration("atmirror.handles.claim");
            Instant now = clock.instant();
            crawl.olderThan().ifPresent(age -> new HandleWork(databases.schema()).makeDue(now.minus(age), claim));
            // As for the other stages: a command's run does not ask whether the log is at its head.
            CrawlSettings.Once once = new CrawlSettings.Once(STAGE, crawl.olderThan(), crawl.pds(), crawl.start());
            Mirror mirror = new Mirror(new CrawlSettings(settings, Optional.of(once)), databases);
            mirror.start(route -> route.equals(STAGE) || route.startsWith(STAGE + "-"), false);
            return new HandleRun(mirror, databases, clock, now.plus(claim));
        } catch (RuntimeException e) {
            databases.close();
            throw e;
        } catch (Exception e) { // Camel declares no less
            databases.close();
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static Map<String, String> overrides(Program.Crawl crawl, Map<String, String> set) {
        Map<String, String> overrides = new HashMap<>(set);
        overrides.put("atmirror.routes.handles.enabled", "true");
        overrides.put("atmirror.routes.handles.schedule", "* * * * * ?"); // now, not when the cron next says
        crawl.parallel().ifPresent(handles -> overrides.put("atmirror.handles.parallel", String.valueOf(handles)));
        return overrides;
    }

    @Override
    public synchronized Program.CrawlProgress progress() {
        HandleParts handles = mirror.handles();
        int underWay = handles.underWay();
        long done = handles.done();
        long parents = closed ? 0 : work.parents(clock.instant());
        boolean idle = handles.knowsHandles() && underWay == 0 && parents == 0 && handles.underWay() == 0;
        OptionalLong now = closed ? OptionalLong.empty() : left.after(done);
        boolean finished = closed || idle && work.left(until) == 0;
        if (finished && !closed) {
            work.count();
        }
        return new Program.CrawlProgress(done, now, underWay, parents, finished);
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
