package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code routes/pds-accounts-end.camel.yaml} */
class PdsAccountsEndRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("pds-accounts-end", "save-end-of-list", "end-listing"), "repoListing", "crawl");
    }

    @Test
    void list_atItsEnd_isFinished() throws Exception {
        beans.answering("isAtEnd", true);
        try (RouteUnderTest route = route().start()) {
            route.send("visit");
            assertThat(beans.calls()).containsExactly("repoListing.layOutEnd");
            assertThat(route.received("save-end-of-list")).hasSize(1);
            assertThat(route.received("end-listing")).hasSize(1);
        }
    }

    @Test
    void list_leftInTheMiddle_staysAsItIs() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("visit");
            assertThat(route.received("save-end-of-list")).isEmpty();
            assertThat(route.received("end-listing")).hasSize(1);
        }
    }
}
