package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code routes/pds-leases.camel.yaml} */
class PdsLeasesRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("pds-leases", "keep-leases"), "crawl");
    }

    @Test
    void leases_everyTime_areKeptInOneStatement() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(beans.calls()).containsExactly("crawl.layOutLeases");
            assertThat(route.received("keep-leases")).hasSize(1);
        }
    }
}
