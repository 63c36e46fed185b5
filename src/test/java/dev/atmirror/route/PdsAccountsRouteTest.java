package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-accounts.camel.yaml} */
class PdsAccountsRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("pds-accounts", "claim-hosts-for-pds-accounts", "visit-pds-accounts-meanwhile"), "listRounds", "crawl");
    }

    @Test
    void round_whileHostsAreDue_visitsEachMeanwhile() throws Exception {
        beans.answering("wantsMore", true, true);
        try (RouteUnderTest route = route()
                .start()
                .answering("claim-hosts-for-pds-accounts", exchange -> exchange.getMessage().setBody(List.of("one", "two")))) {
            route.send("wake");
            assertThat(beans.calls())
                    .containsExactly(
                            "listRounds.start",
                            "listRounds.askForHosts",
                            "listRounds.begin",
                            "listRounds.askForHosts",
                            "listRounds.begin");
            assertThat(route.received("visit-pds-accounts-meanwhile"))
                    .extracting(visit -> visit.getMessage().getBody())
                    .containsExactly("one", "two", "one", "two");
        }
    }

    @Test
    void round_nothingDue_claimsNothing() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(beans.calls()).containsExactly("listRounds.start");
            assertThat(route.received("claim-hosts-for-pds-accounts")).isEmpty();
        }
    }

    @Test
    void round_claimFails_waitsForTheNext() throws Exception {
        beans.answering("wantsMore", true, true);
        try (RouteUnderTest route = route().start().failing("claim-hosts-for-pds-accounts", new SQLException("gone"))) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(beans.calls()).containsExactly("listRounds.start", "listRounds.askForHosts", "crawl.broken");
            assertThat(route.received("visit-pds-accounts-meanwhile")).isEmpty();
        }
    }
}
