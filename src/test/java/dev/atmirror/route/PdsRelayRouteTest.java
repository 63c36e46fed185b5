package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-relay.camel.yaml} */
class PdsRelayRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("pds-relay", "fetch-hosts", "add-relayed-hosts"), "hostFinder", "crawl");
    }

    @Test
    void relay_pageAfterPage_addsHosts() throws Exception {
        beans.answering("wantsRelay", true, true);
        try (RouteUnderTest route = route().start()) {
            route.send("");
            assertThat(beans.calls())
                    .containsExactly("hostFinder.askRelay", "hostFinder.readRelay", "hostFinder.readRelay");
            assertThat(route.received("fetch-hosts").get(0).getMessage().getHeader("CamelHttpQuery"))
                    .isEqualTo("limit=1000");
            assertThat(route.received("add-relayed-hosts")).hasSize(2);
        }
    }

    @Test
    void relay_thatFails_costsItsHostsOnly() throws Exception {
        beans.answering("wantsRelay", true, true);
        try (RouteUnderTest route = route().start().failing("fetch-hosts", new IOException("reset"))) {
            assertThat(route.send("").isFailed()).isFalse();
            assertThat(beans.calls()).containsExactly("hostFinder.askRelay");
        }
    }
}
