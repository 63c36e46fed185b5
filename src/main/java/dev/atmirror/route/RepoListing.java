package dev.atmirror.route;

import dev.atmirror.pds.HostAnswer;
import dev.atmirror.pds.MalformedAnswer;
import dev.atmirror.pds.RepoList;
import dev.atmirror.pds.RepoList.Repo;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bean {@code repoListing}: a host's list of repos, page by page from where it was left.
 *
 * <p>A list ends where a page has no cursor, or where it gives the cursor that was sent: then it may be half a list, and
 * nothing is said to have vanished. Lists that never end are cut.
 */
public final class RepoListing {
    private static final String PASS = "listPass";
    private static final int PAGE = 1000; // most that listRepos gives
    private static final int EMPTY_PAGES = 20; // in a row; honest hosts skip a few thousand deleted accounts at most

    /**
     * A host may list accounts that have left it, or that no document names yet, but not many times those that name it:
     * whoever goes on is inventing them, and would fill the disk.
     */
    private static final int TIMES_NAMED = 5;
    private static final int MOST_UNNAMED = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(RepoListing.class);

    /** Where a visit is in its host's list. */
    private static final class Pass {
        private final int number;
        private Optional<String> cursor;
        private Optional<RepoList> page = Optional.empty();
        private final long most;
        private long listed;
        private boolean ended;
        private boolean complete = true;
        private boolean refused;
        private int emptyPages;

        Pass(HostVisit.Host host) {
            number = host.cursor().isPresent() ? host.pass() : host.pass() + 1;
            cursor = host.cursor();
            listed = host.cursor().isPresent() ? host.listed() : 0;
            most = MOST_UNNAMED + TIMES_NAMED * host.named();
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
        Optional<String> cursor = pass(exchange).cursor;
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
            pass.ended = pass.cursor.isPresent();
            pass.complete = false;
            pass.refused = true;
            Lane.of(exchange).done();
        }
    }

    private void readPage(Exchange exchange, Pass pass, RepoList page) {
        boolean repeated = page.cursor().isPresent() && page.cursor().equals(pass.cursor);
        pass.emptyPages = page.repos().isEmpty() ? pass.emptyPages + 1 : 0;
        boolean endless = pass.emptyPages >= EMPTY_PAGES && page.cursor().isPresent();
        pass.page = Optional.of(page);
        pass.listed += page.repos().size();
        if (pass.listed > pass.most && page.cursor().isPresent()) {
            endless = true;
            Crawl.visit(exchange).failed("lists more than " + pass.most + " repos, far more than documents name it", true);
        }
        pass.ended = page.cursor().isEmpty() || repeated || endless;
        pass.complete = page.cursor().isEmpty();
        pass.cursor = page.cursor();
        if (repeated || endless) {
            LOG.debug("{}: its list does not end; taken as it is", Crawl.visit(exchange).host().pds());
        }
        if (pass.ended) {
            Lane.of(exchange).done();
        }
        String stage = Crawl.visit(exchange).rounds().pace().stage();
        metrics.items(stage, "listed", page.repos().size());
        if (page.malformed() > 0) {
            metrics.items(stage, "malformed", page.malformed());
        }
        exchange.getMessage().setBody(rows(Crawl.visit(exchange).host().id(), pass, page.repos()));
    }

    private static Map<String, Object> rows(int host, Pass pass, List<Repo> repos) {
        Map<String, Object> rows = new HashMap<>();
        rows.put("host", host);
        rows.put("pass", pass.number);
        rows.put("listed", pass.listed);
        rows.put("cursor", pass.cursor.orElse(null));
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
        return pass(exchange).ended;
    }

    /** Lays out the parameters of {@code sql/repo/finish-list.sql}. */
    public void layOutEnd(Exchange exchange) {
        HostVisit visit = Crawl.visit(exchange);
        Pass pass = pass(exchange);
        exchange.getMessage().setBody(Map.of(
                "host", visit.host().id(),
                "pass", pass.number,
                "complete", pass.complete,
                "again", crawl.now().plus(pass.refused ? Duration.ZERO : visit.rounds().pace().again()).toString()));
    }
}
