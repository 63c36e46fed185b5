package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code routes/pds-check-host.camel.yaml} */
class PdsCheckHostRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("pds-check-host", "fetch-description", "fetch-version", "save-server", "end-check"), "hostCheck", "crawl");
    }

    @Test
    void host_thatDescribesItself_isAskedForItsVersionAndSaved() throws Exception {
        beans.answering("hasDescription", true);
        try (RouteUnderTest route = route().start()) {
            route.send("visit");
            assertThat(beans.calls())
                    .containsExactly(
                            "crawl.enter",
                            "hostCheck.askWhatItIs",
                            "hostCheck.readDescription",
                            "hostCheck.askForItsVersion",
                            "hostCheck.layOut");
            assertThat(route.received("save-server")).hasSize(1);
            assertThat(route.received("end-check")).hasSize(1);
        }
    }

    @Test
    void host_thatIsNoPds_isNotedAndNotSaved() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("visit");
            assertThat(route.received("fetch-version")).isEmpty();
            assertThat(route.received("save-server")).isEmpty();
            assertThat(route.received("end-check")).hasSize(1);
        }
    }
}
