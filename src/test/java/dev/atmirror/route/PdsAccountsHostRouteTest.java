package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-accounts-host.camel.yaml} */
class PdsAccountsHostRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("pds-accounts-host", "fetch-repos", "save-repos-and-cursor", "finish-list"), "repoListing", "crawl");
    }

    @Test
    void list_pageAfterPage_isSavedWithItsCursor() throws Exception {
        beans.answering("goesOn", true, true, true).answering("hasPage", true, false, true);
        try (RouteUnderTest route = route().start()) {
            route.send("visit");
            assertThat(beans.calls())
                    .startsWith("crawl.enter", "repoListing.askForPage", "repoListing.read", "repoListing.askForPage");
            assertThat(route.received("fetch-repos")).hasSize(3);
            assertThat(route.received("save-repos-and-cursor")).as("what was no page is not saved").hasSize(2);
            assertThat(route.received("finish-list")).hasSize(1);
        }
    }

    @Test
    void list_pageNotSaved_endsTheVisitWithoutBlamingTheHost() throws Exception {
        beans.answering("goesOn", true, true).answering("hasPage", true, true);
        try (RouteUnderTest route = route().start().failing("save-repos-and-cursor", new SQLException("gone"))) {
            assertThat(route.send("visit").isFailed()).isFalse();
            assertThat(beans.calls()).endsWith("crawl.broken");
            assertThat(route.received("finish-list")).isEmpty();
        }
    }
}
