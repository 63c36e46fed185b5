package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code routes/describe-repo.camel.yaml} */
class DescribeRepoRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("describe-repo", "claim-hosts-for-describe-repo", "visit-describe-repo-meanwhile"), "describeRounds", "crawl");
    }

    @Test
    void round_whileHostsAreDue_visitsEachMeanwhile() throws Exception {
        beans.answering("wantsMore", true, true);
        try (RouteUnderTest route = route()
                .start()
                .answering("claim-hosts-for-describe-repo", exchange -> exchange.getMessage().setBody(List.of("one", "two")))) {
            route.send("wake");
            assertThat(beans.calls())
                    .containsExactly(
                            "describeRounds.start",
                            "describeRounds.askForHosts",
                            "describeRounds.begin",
                            "describeRounds.askForHosts",
                            "describeRounds.begin");
            assertThat(route.received("visit-describe-repo-meanwhile"))
                    .extracting(visit -> visit.getMessage().getBody())
                    .containsExactly("one", "two", "one", "two");
        }
    }

    @Test
    void round_nothingDue_claimsNothing() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(beans.calls()).containsExactly("describeRounds.start");
            assertThat(route.received("claim-hosts-for-describe-repo")).isEmpty();
        }
    }

    @Test
    void round_claimFails_waitsForTheNext() throws Exception {
        beans.answering("wantsMore", true, true);
        try (RouteUnderTest route = route().start().failing("claim-hosts-for-describe-repo", new SQLException("gone"))) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(beans.calls()).containsExactly("describeRounds.start", "describeRounds.askForHosts", "crawl.broken");
            assertThat(route.received("visit-describe-repo-meanwhile")).isEmpty();
        }
    }
}
