package dev.atmirror.route;

import dev.atmirror.pds.HostAnswer;
import dev.atmirror.pds.MalformedAnswer;
import dev.atmirror.pds.RepoList;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;

/**
 * Bean {@code hostNames}: whether a host is another name of one that is known. Both claim the same did, and the first page of
 * both lists, read one right behind the other, must name the same accounts in the same state. Then one of them leads, and only
 * that one is asked, for the accounts of all its names.
 *
 * <p>What a host says here decides about itself alone: it can only put itself under another, whose answers it cannot change.
 * Where nothing can be compared, what was decided before stays.
 */
public final class HostNames {
    private static final String NAMES = "hostNames";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20); // for the other host's budget
    private static final int PAGE = 1_000; // repos that are asked for, and kept of a page that names more
    private static final int CHANGED_PER_HUNDRED = 1; // accounts of a page that may change between the two requests

    /** What is known of one host so far. */
    private static final class Comparison {
        private final Deque<HostVisit.Host> candidates = new ArrayDeque<>();
        private Optional<HostVisit.Host> present = Optional.empty();
        private Optional<HostVisit.Host> leader = Optional.empty();
        private Optional<Set<RepoList.Repo>> own = Optional.empty();
        private boolean askedOwn;
        private long claiming;
    }

    private final Crawl crawl;

    public HostNames(Crawl crawl) {
        this.crawl = crawl;
    }

    private static Comparison of(Exchange exchange) {
        return exchange.getProperty(NAMES, Comparison.class);
    }

    /** Takes the hosts that may lead from the rows of {@code sql/pds/save-description.sql}. */
    public void begin(Exchange exchange) {
        Comparison comparison = new Comparison();
        for (Object each : exchange.getMessage().getBody(List.class)) {
            Map<?, ?> row = (Map<?, ?>) each;
            comparison.claiming = ((Number) row.get("claiming")).longValue();
            if (row.get("id") == null) {
                continue; // none that would lead
            }
            HostVisit.Host host = new HostVisit.Host(
                    ((Number) row.get("id")).intValue(), (String) row.get("pds"), (String) row.get("operator"), 0, 0, 0, Optional.empty(), 0, 0);
            comparison.candidates.add(host);
            if (Boolean.TRUE.equals(row.get("present"))) {
                comparison.present = Optional.of(host);
            }
        }
        exchange.setProperty(NAMES, comparison);
    }

    /** Whether a list is to be read before it is known under which name the host is asked. */
    public boolean wantsMore(Exchange exchange) {
        Comparison comparison = of(exchange);
        if (comparison.askedOwn && comparison.own.isEmpty()) {
            comparison.leader = comparison.present;
            return false;
        }
        while (!comparison.candidates.isEmpty() && isPaused(comparison.candidates.peek())) {
            undecided(comparison, comparison.candidates.poll());
        }
        return comparison.leader.isEmpty() && !comparison.candidates.isEmpty() && crawl.isUp(exchange);
    }

    private boolean isPaused(HostVisit.Host host) {
        return crawl.budget().pausedFor(host).compareTo(LONGEST_WAIT) > 0;
    }

    /** Lays out the request for the first page of the host's own list, and then of another's. */
    public void ask(Exchange exchange) {
        Comparison comparison = of(exchange);
        if (comparison.askedOwn) {
            PdsRequests.askOther(exchange, comparison.candidates.peek(), "xrpc/com.atproto.sync.listRepos", "limit", String.valueOf(PAGE));
        } else {
            PdsRequests.ask(exchange, "xrpc/com.atproto.sync.listRepos", "limit", String.valueOf(PAGE));
        }
    }

    /** Compares what the two say. */
    public void read(Exchange exchange) {
        Comparison comparison = of(exchange);
        Optional<Set<RepoList.Repo>> page = page(PdsRequests.answer(exchange));
        if (!comparison.askedOwn) {
            comparison.askedOwn = true;
            comparison.own = page;
            return;
        }
        HostVisit.Host candidate = comparison.candidates.poll();
        if (page.isEmpty()) {
            undecided(comparison, candidate);
        } else if (isSame(comparison.own.orElseThrow(), page.get())) {
            comparison.leader = Optional.of(candidate);
        }
    }

    /** Nothing was learned of the host, so that it goes on leading if it does. */
    private static void undecided(Comparison comparison, HostVisit.Host candidate) {
        if (comparison.leader.isEmpty() && comparison.present.filter(candidate::equals).isPresent()) {
            comparison.leader = Optional.of(candidate);
        }
    }

    private static Optional<Set<RepoList.Repo>> page(HostAnswer answer) {
        if (!answer.isOk()) {
            return Optional.empty();
        }
        try {
            Set<RepoList.Repo> repos = new HashSet<>();
            RepoList.of(answer).repos().stream()
                    .limit(PAGE)
                    .forEach(repo -> repos.add(new RepoList.Repo(repo.did(), "", "", repo.active(), repo.status())));
            return Optional.of(repos);
        } catch (MalformedAnswer e) {
            return Optional.empty();
        }
    }

    /** Empty lists prove nothing. */
    private static boolean isSame(Set<RepoList.Repo> one, Set<RepoList.Repo> other) {
        long alike = one.stream().filter(other::contains).count();
        int longer = Math.max(one.size(), other.size());
        return alike > 0 && (longer - alike) * 100 <= (long) longer * CHANGED_PER_HUNDRED;
    }

    /** Lays out the parameters of {@code sql/pds/save-server.sql}. */
    public void layOut(Exchange exchange) {
        HostVisit visit = Crawl.visit(exchange);
        Map<String, Object> row = new HashMap<>();
        row.put("host", visit.host().id());
        row.put("leader", of(exchange).leader.map(HostVisit.Host::id).orElse(null));
        row.put("claiming", of(exchange).claiming);
        row.put("again", crawl.now().plus(visit.rounds().pace().again()).toString());
        exchange.getMessage().setBody(row);
    }
}
