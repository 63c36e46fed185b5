package dev.atmirror.route;

import static dev.atmirror.route.CrawlUnderTest.Answer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.route.CrawlUnderTest.Answer;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-accounts-host.camel.yaml} */
class PdsAccountsHostRouteTest {
    private static final String FETCH = "fetch-repos";
    private static final String SAVE = "save-repos-and-cursor";
    private static final String END = "finish-list";
    private static final Answer FIRST = ok("{'repos':[{'did':'did:plc:7','active':true}],'cursor':'next'}");
    private static final Answer LAST = ok("{'repos':[]}");
    private final CrawlUnderTest crawl = new CrawlUnderTest("pds-accounts");
    private final HostVisit visit = crawl.visit(1);

    private RouteUnderTest route(Answer... answers) {
        return RouteUnderTest.of("pds-accounts-host", FETCH, SAVE, END)
                .with(crawl.crawl, "crawl")
                .with(new RepoListing(crawl.crawl, crawl.metrics), "repoListing")
                .answering(FETCH, crawl.host(answers));
    }

    @Test
    void list_withMorePages_isReadToItsEndAndStoredPageByPage() throws Exception {
        try (RouteUnderTest route = route(FIRST, LAST).start()) {
            route.send(visit);
            assertThat(route.passed()).containsExactly(FETCH, SAVE, FETCH, SAVE, END);
            assertThat(crawl.asked()).last().asString().endsWith("?limit=1000&cursor=next");
            assertThat(route.bodies(SAVE, Map.class)).extracting(rows -> rows.get("cursor")).containsExactly("next", null);
        }
    }

    @Test
    void list_thatIsNone_storesNothingAndEndsTheVisit() throws Exception {
        try (RouteUnderTest route = route(ok("<html>")).start()) {
            route.send(visit);
            assertThat(route.passed()).containsExactly(FETCH, END);
            assertThat(visit.error()).isPresent();
        }
    }

    @Test
    void list_longerThanAVisit_isLeftToTheNext() throws Exception {
        try (RouteUnderTest route = route(FIRST)
                .answering(SAVE, page -> crawl.later(CrawlUnderTest.VISIT))
                .start()) {
            route.send(visit);
            assertThat(route.passed()).containsExactly(FETCH, SAVE, END);
            assertThat(visit.error()).isEmpty();
        }
    }

    @Test
    void list_pageIsNotStored_endsTheVisitWithoutBlame() throws Exception {
        try (RouteUnderTest route = route(FIRST).failing(SAVE, new SQLException("gone")).start()) {
            assertThat(route.send(visit).isFailed()).isFalse();
            assertThat(route.passed()).as("the next visit asks for the page again").containsExactly(FETCH, SAVE);
            assertThat(visit.error()).isEmpty();
            assertThat(crawl.rounds.visiting()).isZero();
        }
    }
}
