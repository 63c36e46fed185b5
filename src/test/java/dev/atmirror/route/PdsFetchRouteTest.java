package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-fetch.camel.yaml} */
class PdsFetchRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("pds-fetch", "fetch-from-host"), "pdsRequests", "crawl");
    }

    @Test
    void request_atTheHostsPace_isSentAndRead() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("");
            assertThat(beans.calls()).containsExactly("pdsRequests.pace", "pdsRequests.address", "pdsRequests.read");
            assertThat(route.received("fetch-from-host").get(0).getMessage().getHeader("User-Agent", String.class))
                    .startsWith("at-mirror/");
        }
    }

    @Test
    void request_thatFails_isAnAnswerAndItsCallerGoesOn() throws Exception {
        try (RouteUnderTest route = route().start().failing("fetch-from-host", new IOException("reset"))) {
            Exchange exchange = route.send("");
            assertThat(exchange.isFailed()).isFalse();
            assertThat(exchange.getExchangeExtension().isErrorHandlerHandledSet())
                    .as("handled, which would end the caller, too")
                    .isFalse();
            assertThat(beans.calls())
                    .containsExactly("pdsRequests.pace", "pdsRequests.address", "pdsRequests.failed", "pdsRequests.read");
        }
    }
}
