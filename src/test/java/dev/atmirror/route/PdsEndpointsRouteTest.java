package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code routes/pds-endpoints.camel.yaml} */
class PdsEndpointsRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("pds-endpoints", "read-new-endpoints", "add-hosts"), "hostFinder", "crawl");
    }

    @Test
    void endpoints_untilNoneIsNew_becomeHosts() throws Exception {
        beans.answering("wantsEndpoints", true, true);
        try (RouteUnderTest route = route().start()) {
            route.send("");
            assertThat(beans.calls()).containsExactly("hostFinder.readEndpoints", "hostFinder.readEndpoints");
            assertThat(route.received("add-hosts")).hasSize(2);
        }
    }
}
