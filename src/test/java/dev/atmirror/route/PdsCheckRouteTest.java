package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-check.camel.yaml} */
class PdsCheckRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("pds-check", "claim-hosts-for-pds-check", "visit-pds-check-meanwhile"), "checkRounds", "crawl");
    }

    @Test
    void round_whileHostsAreDue_visitsEachMeanwhile() throws Exception {
        beans.answering("wantsMore", true, true);
        try (RouteUnderTest route = route()
                .start()
                .answering("claim-hosts-for-pds-check", exchange -> exchange.getMessage().setBody(List.of("one", "two")))) {
            route.send("wake");
            assertThat(beans.calls())
                    .containsExactly(
                            "checkRounds.start",
                            "checkRounds.askForHosts",
                            "checkRounds.begin",
                            "checkRounds.askForHosts",
                            "checkRounds.begin");
            assertThat(route.received("visit-pds-check-meanwhile"))
                    .extracting(visit -> visit.getMessage().getBody())
                    .containsExactly("one", "two", "one", "two");
        }
    }

    @Test
    void round_nothingDue_claimsNothing() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(beans.calls()).containsExactly("checkRounds.start");
            assertThat(route.received("claim-hosts-for-pds-check")).isEmpty();
        }
    }

    @Test
    void round_claimFails_waitsForTheNext() throws Exception {
        beans.answering("wantsMore", true, true);
        try (RouteUnderTest route = route().start().failing("claim-hosts-for-pds-check", new SQLException("gone"))) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(beans.calls()).containsExactly("checkRounds.start", "checkRounds.askForHosts", "crawl.broken");
            assertThat(route.received("visit-pds-check-meanwhile")).isEmpty();
        }
    }
}
