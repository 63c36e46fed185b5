package dev.atmirror.route;

import static dev.atmirror.route.CrawlUnderTest.Answer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.route.CrawlUnderTest.Answer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-accounts-end.camel.yaml} */
class PdsAccountsEndRouteTest {
    private static final String SAVE = "save-end-of-list";
    private static final String END = "end-listing";
    private final CrawlUnderTest crawl = new CrawlUnderTest("pds-accounts");
    private final RepoListing listing = new RepoListing(crawl.crawl, crawl.metrics);

    private RouteUnderTest route() {
        return RouteUnderTest.of("pds-accounts-end", SAVE, END).with(crawl.crawl, "crawl").with(listing, "repoListing");
    }

    /** An exchange that has read this page. */
    private Processor behind(Answer page) {
        Processor host = crawl.host(page);
        return exchange -> {
            crawl.enter(exchange, crawl.visit(1));
            listing.askForPage(exchange);
            host.process(exchange);
            listing.read(exchange);
            exchange.getMessage().setBody(List.of(Map.of("fresh", 0L, "listed", 0L)));
            listing.turn(exchange);
        };
    }

    @Test
    void list_readToItsEnd_isFinishedBeforeTheVisitEnds() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send(behind(ok("{'repos':[]}")));
            assertThat(route.passed()).containsExactly(SAVE, END);
            assertThat(route.bodies(SAVE, Map.class).get(0)).containsEntry("host", 1).containsEntry("complete", true);
        }
    }

    @Test
    void list_thatGoesOn_isNotFinished() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send(behind(ok("{'repos':[],'cursor':'next'}")));
            assertThat(route.passed()).containsExactly(END);
        }
    }

    @Test
    void list_notFinished_endsTheVisitWithoutBlame() throws Exception {
        try (RouteUnderTest route = route().failing(SAVE, new SQLException("gone")).start()) {
            assertThat(route.send(behind(ok("{'repos':[]}"))).isFailed()).isFalse();
            assertThat(route.passed()).containsExactly(SAVE);
            assertThat(crawl.rounds.visiting()).isZero();
        }
    }
}
