package dev.atmirror.route;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;

/**
 * One stage's rounds over the hosts: claims those that are due as soon as there is room for them.
 *
 * <p>Invariants: a host is visited once at a time by a stage, as those that are busy are named in the claim; the
 * database lets nobody else claim a host of an operator that is ours.
 */
public final class HostRounds {
    private final Crawl crawl;
    private final StagePace pace;
    private final Map<Integer, HostVisit> visits = new ConcurrentHashMap<>();
    private boolean more;
    private boolean halted;

    public HostRounds(Crawl crawl, StagePace pace) {
        this.crawl = crawl;
        this.pace = pace;
        crawl.add(this);
    }

    public StagePace pace() {
        return pace;
    }

    /** The schedule has woken the stage. */
    public synchronized void start() {
        more = crawl.mayBegin();
    }

    /** Whether the last claim found hosts, so that there may be more. */
    public synchronized boolean wantsMore() {
        return more && !halted;
    }

    /** Waits for room, and lays out the parameters of {@code sql/pds/claim-hosts.sql}. */
    public void askForHosts(Exchange exchange) throws InterruptedException {
        synchronized (this) {
            while (visits.size() >= pace.hostsAtOnce() && !halted) {
                wait();
            }
        }
        Map<String, Object> claim = new HashMap<>();
        claim.put("stage", pace.stage());
        claim.put("due", crawl.now().toString());
        claim.put("claim", pace.claim().toSeconds());
        claim.put("only", pace.onlyHosts());
        claim.put("start", pace.start());
        claim.put("busy", visits.keySet().stream().mapToInt(Integer::intValue).toArray());
        claim.put("owner", crawl.owner());
        claim.put("lease", Crawl.LEASE.toSeconds());
        claim.put("free", Math.max(0, pace.hostsAtOnce() - visits.size()));
        exchange.getMessage().setBody(claim);
    }

    /** Replaces the claimed rows by the visits, one for each lane. */
    public void begin(Exchange exchange) {
        List<HostVisit> lanes = new ArrayList<>();
        List<?> rows = exchange.getMessage().getBody(List.class);
        Instant until = crawl.now().plus(pace.visit());
        synchronized (this) {
            more = !rows.isEmpty();
            for (Object row : halted ? List.of() : rows) {
                HostVisit visit = new HostVisit(this, host((Map<?, ?>) row), pace.lanes(), until);
                visits.put(visit.host().id(), visit);
                lanes.addAll(Collections.nCopies(pace.lanes(), visit));
            }
        }
        exchange.getMessage().setBody(lanes);
    }

    private static HostVisit.Host host(Map<?, ?> row) {
        return new HostVisit.Host(
                ((Number) row.get("id")).intValue(),
                (String) row.get("pds"),
                (String) row.get("operator"),
                ((Number) row.get("failures")).intValue(),
                ((Number) row.get("stage_failures")).intValue(),
                ((Number) row.get("pass")).intValue(),
                Optional.ofNullable((String) row.get("list_cursor")),
                ((Number) row.get("list_pages")).longValue(),
                ((Number) row.get("named")).longValue());
    }

    synchronized void ended(HostVisit visit) {
        visits.remove(visit.host().id(), visit);
        notifyAll();
    }

    /** Hosts that are being asked. */
    public int visiting() {
        return visits.size();
    }

    List<String> operators() {
        return visits.values().stream().map(visit -> visit.host().operator()).toList();
    }

    synchronized boolean isHalted() {
        return halted;
    }

    /** Ends the visits behind their present requests, and begins none; or lets the next round begin. */
    public synchronized void halt(boolean on) {
        halted = on;
        notifyAll();
    }
}
