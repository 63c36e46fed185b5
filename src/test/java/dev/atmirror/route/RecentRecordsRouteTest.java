package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code routes/recent-records.camel.yaml} */
class RecentRecordsRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("recent-records", "claim-hosts-for-recent-records", "visit-recent-records-meanwhile"), "recordRounds", "crawl");
    }

    @Test
    void round_whileHostsAreDue_visitsEachMeanwhile() throws Exception {
        beans.answering("wantsMore", true, true);
        try (RouteUnderTest route = route()
                .start()
                .answering("claim-hosts-for-recent-records", exchange -> exchange.getMessage().setBody(List.of("one", "two")))) {
            route.send("wake");
            assertThat(beans.calls())
                    .containsExactly(
                            "recordRounds.start",
                            "recordRounds.askForHosts",
                            "recordRounds.begin",
                            "recordRounds.askForHosts",
                            "recordRounds.begin");
            assertThat(route.received("visit-recent-records-meanwhile"))
                    .extracting(visit -> visit.getMessage().getBody())
                    .containsExactly("one", "two", "one", "two");
        }
    }

    @Test
    void round_nothingDue_claimsNothing() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(beans.calls()).containsExactly("recordRounds.start");
            assertThat(route.received("claim-hosts-for-recent-records")).isEmpty();
        }
    }

    @Test
    void round_claimFails_waitsForTheNext() throws Exception {
        beans.answering("wantsMore", true, true);
        try (RouteUnderTest route = route().start().failing("claim-hosts-for-recent-records", new SQLException("gone"))) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(beans.calls()).containsExactly("recordRounds.start", "recordRounds.askForHosts", "crawl.broken");
            assertThat(route.received("visit-recent-records-meanwhile")).isEmpty();
        }
    }
}
