package dev.atmirror.route;

import dev.atmirror.net.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bean {@code crawl}: what all stages that ask hosts have in common, for one visit of one host.
 *
 * <p>Invariant: every lane that begins ends by {@link #isLastLane} or {@link #broken}, and every visit by
 * {@link #release} or {@link #broken}, or its host would never be free again in this process. A killed process leaves
 * leases that end by themselves.
 */
public final class Crawl {
    /** Renewed every third of it; others take over as long after a process was killed. */
    static final Duration LEASE = Duration.ofSeconds(60);

    /** Longer than this nobody waits at a host that asks to come back later: others get the place. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private static final int DEAD_AFTER = 6; // visits that fail in a row, some hours apart at last
    private static final Logger LOG = LoggerFactory.getLogger(Crawl.class);

    private final String owner;
    private final CrawlBudget budget;
    private final Backoff backoff;
    private final InstantSource clock;
    private final BooleanSupplier mayBegin;
    private final List<HostRounds> stages = new CopyOnWriteArrayList<>();

    /**
     * @param owner different for each process that ever runs
     * @param mayBegin whether the log says where accounts are now; before it has caught up, it says where they were
     */
    public Crawl(String owner, CrawlBudget budget, Backoff backoff, InstantSource clock, BooleanSupplier mayBegin) {
        this.owner = owner;
        this.budget = budget;
        this.backoff = backoff;
        this.clock = clock;
        this.mayBegin = mayBegin;
    }

    void add(HostRounds rounds) {
        stages.add(rounds);
    }

    String owner() {
        return owner;
    }

    Instant now() {
        return clock.instant();
    }

    CrawlBudget budget() {
        return budget;
    }

    /** Whether hosts may be asked at all. */
    public boolean mayBegin() {
        return mayBegin.getAsBoolean();
    }

    static HostVisit visit(Exchange exchange) {
        return Lane.of(exchange).visit();
    }

    /** A lane begins: the body is its visit. */
    public void enter(Exchange exchange) {
        new Lane(exchange.getMessage().getBody(HostVisit.class), budget.memory()).enter(exchange);
    }

    /** Whether the host may be asked once more now. */
    public boolean isUp(Exchange exchange) {
        HostVisit visit = visit(exchange);
        if (!visit.isDown() && (visit.rounds().isHalted() || pause(visit).compareTo(LONGEST_WAIT) > 0)) {
            visit.leaveIt();
        }
        return !visit.isDown();
    }

    /** Whether the lane may take more work. */
    public boolean goesOn(Exchange exchange) {
        return isUp(exchange) && now().isBefore(visit(exchange).until()) && !Lane.of(exchange).isDone();
    }

    private Duration pause(HostVisit visit) {
        return budget.pausedFor(visit.host());
    }

    /** Ends the lane. @return whether the visit ends with it */
    public boolean isLastLane(Exchange exchange) {
        return Lane.of(exchange).leave();
    }

    /** Ends the visit, now that it is noted: whoever waits for its end may stop the program then. */
    public void release(Exchange exchange) {
        visit(exchange).rounds().ended(visit(exchange));
    }

    /** Lays out the parameters of {@code sql/pds/note-visit.sql}. */
    public void layOutEnd(Exchange exchange) {
        HostVisit visit = visit(exchange);
        int failures = (visit.isGone() ? visit.host().failures() : visit.host().stageFailures()) + 1;
        Duration pause = visit.error().isPresent() ? backoff.next(failures) : pauseWithoutFailure(visit);
        Map<String, Object> row = new HashMap<>();
        row.put("host", visit.host().id());
        row.put("stage", visit.rounds().pace().stage());
        row.put("answered", visit.hasAnswered());
        row.put("wholeHost", visit.isGone());
        row.put("error", visit.error().orElse(null));
        row.put("deadAfter", DEAD_AFTER);
        row.put("nextTry", now().plus(pause).toString());
        exchange.getMessage().setBody(row);
    }

    /** A host that there was no room for waits half as long as after a first failure, or it would be claimed again at once. */
    private Duration pauseWithoutFailure(HostVisit visit) {
        Duration asked = pause(visit);
        Duration postponed = visit.isPostponed() ? backoff.next(1).dividedBy(2) : Duration.ZERO;
        return asked.compareTo(postponed) < 0 ? postponed : asked;
    }

    /** Our side failed: nothing is noted, and what was claimed is due again when its lease ends. */
    public void broken(Exchange exchange) {
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (Lane.of(exchange) == null) {
            LOG.warn("a stage's round failed ({}); the next one comes by its schedule", message(cause));
            return;
        }
        HostVisit visit = visit(exchange);
        LOG.warn("{}: visit of {} failed ({}); it is claimed again", visit.rounds().pace().stage(), visit.host().pds(), message(cause));
        visit.leaveIt();
        Lane.of(exchange).leave();
        if (visit.isOver()) {
            release(exchange);
        }
    }

    /** What went wrong at the bottom, for a line of the log. */
    static String message(Throwable cause) {
        Throwable root = cause;
        while (root != null && root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return String.valueOf(root);
    }

    /** Lays out the parameters of {@code sql/pds/keep-leases.sql}: operators without a visit are given back. */
    public void layOutLeases(Exchange exchange) {
        String[] busy = stages.stream()
                .flatMap(stage -> stage.operators().stream())
                .distinct()
                .toArray(String[]::new);
        exchange.getMessage().setBody(Map.of("owner", owner, "busy", busy, "lease", LEASE.toSeconds()));
    }
}
