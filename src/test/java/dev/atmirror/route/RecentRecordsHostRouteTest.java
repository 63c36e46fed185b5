package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code routes/recent-records-host.camel.yaml} */
class RecentRecordsHostRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("recent-records-host", "claim-accounts-for-recent-records-host", "fetch-recent-records-host", "save-batch-of-recent-records-host", "end-recent-records-host"), "recentRecords", "crawl");
    }

    @Test
    void batch_claimed_isAskedOneByOneAndSavedAtOnce() throws Exception {
        beans.answering("goesOn", true, true);
        try (RouteUnderTest route = route()
                .start()
                .answering("claim-accounts-for-recent-records-host", exchange -> exchange.getMessage().setBody(List.of("one", "two")))) {
            route.send("visit");
            assertThat(beans.calls())
                    .startsWith("crawl.enter", "recentRecords.askForAccounts", "recentRecords.open", "recentRecords.layOut")
                    .hasSize(7);
            assertThat(route.received("fetch-recent-records-host")).hasSize(4);
            assertThat(route.received("save-batch-of-recent-records-host")).hasSize(2);
            assertThat(route.received("end-recent-records-host")).hasSize(1);
        }
    }

    @Test
    void batch_notSaved_endsTheVisitWithoutBlamingTheHost() throws Exception {
        beans.answering("goesOn", true, true);
        try (RouteUnderTest route = route().start().failing("save-batch-of-recent-records-host", new SQLException("gone"))) {
            assertThat(route.send("visit").isFailed()).isFalse();
            assertThat(beans.calls()).endsWith("crawl.broken");
            assertThat(route.received("save-batch-of-recent-records-host")).hasSize(1);
            assertThat(route.received("end-recent-records-host")).as("noted as the host's").isEmpty();
        }
    }
}
