package dev.atmirror.route;

import static dev.atmirror.route.CrawlUnderTest.Answer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.route.CrawlUnderTest.Answer;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-accounts-host.camel.yaml} */
class PdsAccountsHostRouteTest {
    private static final String FETCH = "fetch-repos";
    private static final String SAVE = "save-repos-and-cursor";
    private static final String END = "finish-list";
    private static final Answer FIRST = ok("{'repos':[{'did':'did:plc:7','active':true}],'cursor':'next'}");
    private static final Answer LAST = ok("{'repos':[]}");
    private static final Processor SAVED =
            exchange -> exchange.getMessage().setBody(List.of(Map.of("fresh", 1L, "listed", 1L)));
    private static final Processor NOTHING_NEW =
            exchange -> exchange.getMessage().setBody(List.of(Map.of("fresh", 0L, "listed", 1L)));
    private final CrawlUnderTest crawl = new CrawlUnderTest("pds-accounts");
    private final HostVisit visit = crawl.visit(1);

    private RouteUnderTest route(Answer... answers) {
        return RouteUnderTest.of("pds-accounts-host", FETCH, SAVE, END)
                .with(crawl.crawl, "crawl")
                .with(new RepoListing(crawl.crawl, crawl.metrics), "repoListing")
                .answering(FETCH, crawl.host(answers))
                .answering(SAVE, SAVED);
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
                .answering(SAVE, page -> {
                    crawl.later(CrawlUnderTest.VISIT);
                    SAVED.process(page);
                })
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

    private static Answer page(String cursor) {
        return ok("{'repos':[{'did':'did:plc:7','active':true}],'cursor':'" + cursor + "'}");
    }

    /** Issue 12, A5: it cost thousands of requests, and was blamed on the number of repos. */
    @Test
    void list_inACircleOfTwoPages_endsAtTheThirdAndSaysWhy() throws Exception {
        try (RouteUnderTest route = route(page("a"), page("b"), page("a"), page("b")).start()) {
            route.send(visit);
            assertThat(crawl.asked()).hasSize(3);
            assertThat(visit.error()).get().asString().contains("circle").contains("listRepos");
            assertThat(route.received(END)).hasSize(1);
        }
    }

    @Test
    void list_withEverNewCursorsAndNothingNew_endsAfterTwentyPagesAndSaysWhy() throws Exception {
        Answer[] pages = IntStream.range(0, 50).mapToObj(n -> page("c" + n)).toArray(Answer[]::new);
        try (RouteUnderTest route = route(pages).answering(SAVE, NOTHING_NEW).start()) {
            route.send(visit);
            assertThat(crawl.asked()).hasSize(20);
            assertThat(visit.error()).get().asString().contains("nothing new");
        }
    }

    @Test
    void list_thatRepeatsItsLastPage_endsWithoutBlame() throws Exception {
        try (RouteUnderTest route = route(page("a"), page("a"), page("a")).start()) {
            route.send(visit);
            assertThat(crawl.asked()).hasSize(2);
            assertThat(visit.error()).isEmpty();
        }
    }
}
