package dev.atmirror.route;

import dev.atmirror.pds.HostAnswer;
import dev.atmirror.pds.MalformedAnswer;
import dev.atmirror.pds.PagedReading;
import dev.atmirror.pds.RepoList;
import dev.atmirror.pds.RepoList.Repo;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * Bean {@code repoListing}: a host's list of repos, page by page from where it was left.
 *
 * <p>A list ends by the rule of {@link PagedReading}; one that did not end by itself may be half a list, so nothing is said to
 * have vanished from it. What is new on a page is what no page of the present pass has named, as the database knows.
 */
public final class RepoListing {
    private static final String PASS = "listPass";
    private static final int PAGE = 1000; // most that listRepos gives
    private static final int BARREN_PAGES = 20; // in a row; honest hosts skip a few thousand deleted accounts at most
    private static final int FEWEST_ON_A_PAGE = 10; // on the average of a long list; hosts that know no limit give 50
    private static final int PAGES_OF_ANY = 1000;

    /**
     * A host may list accounts that have left it, or that no document names yet, but not many times those that name it:
     * whoever goes on is inventing them, and would fill the disk.
     */
    private static final int TIMES_NAMED = 5;
    private static final int MOST_UNNAMED = 10_000;

    /** Where a visit is in its host's list. */
    private static final class Pass {
        private final int number;
        private final long most;
        private final PagedReading reading;
        private Optional<RepoList> page = Optional.empty();
        private boolean refused;
        private boolean cut;

        Pass(HostVisit.Host host) {
            number = host.cursor().isPresent() ? host.pass() : host.pass() + 1;
            most = MOST_UNNAMED + TIMES_NAMED * host.named();
            PagedReading.Bounds bounds = new PagedReading.Bounds(Math.max(PAGES_OF_ANY, most / FEWEST_ON_A_PAGE), BARREN_PAGES);
            reading = host.cursor()
                    .map(cursor -> PagedReading.goingOn(bounds, cursor, host.listPages()))
                    .orElseGet(() -> PagedReading.fromTheBeginning(bounds));
        }

        boolean isOver() {
            return refused || cut || reading.end().isPresent();
        }

        boolean isComplete() {
            return reading.end().filter(PagedReading.End::isComplete).isPresent();
        }
    }

    private final Crawl crawl;
    private final CrawlMetrics metrics;

    public RepoListing(Crawl crawl, CrawlMetrics metrics) {
        this.crawl = crawl;
        this.metrics = metrics;
    }

    private static Pass pass(Exchange exchange) {
        Pass pass = exchange.getProperty(PASS, Pass.class);
        if (pass == null) {
            pass = new Pass(Crawl.visit(exchange).host());
            exchange.setProperty(PASS, pass);
        }
        return pass;
    }

    /** Lays out the next request. */
    public void askForPage(Exchange exchange) {
        String limit = String.valueOf(PAGE);
        Optional<String> cursor = pass(exchange).reading.cursor();
        if (cursor.isPresent()) {
            PdsRequests.ask(exchange, "xrpc/com.atproto.sync.listRepos", "limit", limit, "cursor", cursor.get());
        } else {
            PdsRequests.ask(exchange, "xrpc/com.atproto.sync.listRepos", "limit", limit);
        }
    }

    /** Replaces the answer by the parameters of {@code sql/repo/save-list.sql}, if it is a page. */
    public void read(Exchange exchange) {
        HostVisit visit = Crawl.visit(exchange);
        HostAnswer answer = PdsRequests.answer(exchange);
        Pass pass = pass(exchange);
        pass.page = Optional.empty();
        if (answer.isOk()) {
            try {
                readPage(exchange, pass, RepoList.of(answer));
                visit.succeeded();
            } catch (MalformedAnswer e) {
                visit.failed("listRepos: " + e.getMessage(), true);
            }
        } else if (!answer.isThrottled() && answer.failure().isEmpty()) {
            // Perhaps the cursor is none any more: the next visit begins anew, as soon as the host may be asked again.
            visit.failed("listRepos answered " + answer.status(), true);
            pass.refused = pass.reading.cursor().isPresent();
            Lane.of(exchange).done();
        }
    }

    private void readPage(Exchange exchange, Pass pass, RepoList page) {
        pass.page = Optional.of(page);
        String stage = Crawl.visit(exchange).rounds().pace().stage();
        metrics.items(stage, "listed", page.repos().size());
        if (page.malformed() > 0) {
            metrics.items(stage, "malformed", page.malformed());
        }
        exchange.getMessage().setBody(rows(Crawl.visit(exchange).host().id(), pass, page));
    }

    /** Decides whether the list goes on, from the row of {@code sql/repo/save-list.sql}. */
    public void turn(Exchange exchange) {
        Pass pass = pass(exchange);
        HostVisit visit = Crawl.visit(exchange);
        Map<?, ?> saved = (Map<?, ?>) exchange.getMessage().getBody(List.class).get(0);
        pass.reading.turn(pass.page.flatMap(RepoList::cursor), ((Number) saved.get("fresh")).longValue());
        pass.reading.complaint().ifPresent(why -> visit.failed("listRepos does not end: " + why, true));
        if (pass.reading.end().isEmpty() && ((Number) saved.get("listed")).longValue() > pass.most) {
            pass.cut = true;
            visit.failed("listRepos names more than " + pass.most + " repos, far more than documents name the host", true);
        }
        // Found to be another name of a host meanwhile, whose list names the same.
        pass.cut |= Boolean.TRUE.equals(saved.get("led"));
        if (pass.isOver()) {
            Lane.of(exchange).done();
        }
    }

    private static Map<String, Object> rows(int host, Pass pass, RepoList page) {
        List<Repo> repos = page.repos();
        Map<String, Object> rows = new HashMap<>();
        rows.put("host", host);
        rows.put("pass", pass.number);
        rows.put("cursor", page.cursor().orElse(null));
        rows.put("dids", repos.stream().map(Repo::did).toArray(String[]::new));
        rows.put("heads", repos.stream().map(Repo::head).toArray(String[]::new));
        rows.put("revs", repos.stream().map(Repo::rev).toArray(String[]::new));
        rows.put("actives", repos.stream().map(Repo::active).toArray(Boolean[]::new));
        rows.put("statuses", repos.stream().map(Repo::status).toArray(String[]::new));
        return rows;
    }

    public boolean hasPage(Exchange exchange) {
        return pass(exchange).page.isPresent();
    }

    public boolean isAtEnd(Exchange exchange) {
        return pass(exchange).isOver();
    }

    /** Lays out the parameters of {@code sql/repo/finish-list.sql}. */
    public void layOutEnd(Exchange exchange) {
        HostVisit visit = Crawl.visit(exchange);
        Pass pass = pass(exchange);
        exchange.getMessage().setBody(Map.of(
                "host", visit.host().id(),
                "pass", pass.number,
                "complete", pass.isComplete(),
                "again", crawl.now().plus(pass.refused ? Duration.ZERO : visit.rounds().pace().again()).toString()));
    }
}
