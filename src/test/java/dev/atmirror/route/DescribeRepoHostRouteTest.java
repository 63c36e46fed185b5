package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code routes/describe-repo-host.camel.yaml} */
class DescribeRepoHostRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("describe-repo-host", "claim-accounts-for-describe-repo-host", "fetch-describe-repo-host", "save-batch-of-describe-repo-host", "end-describe-repo-host"), "describeRepos", "crawl");
    }

    @Test
    void batch_claimed_isAskedOneByOneAndSavedAtOnce() throws Exception {
        beans.answering("goesOn", true, true);
        try (RouteUnderTest route = route()
                .start()
                .answering("claim-accounts-for-describe-repo-host", exchange -> exchange.getMessage().setBody(List.of("one", "two")))) {
            route.send("visit");
            assertThat(beans.calls())
                    .startsWith("crawl.enter", "describeRepos.askForAccounts", "describeRepos.open", "describeRepos.layOut")
                    .hasSize(7);
            assertThat(route.received("fetch-describe-repo-host")).hasSize(4);
            assertThat(route.received("save-batch-of-describe-repo-host")).hasSize(2);
            assertThat(route.received("end-describe-repo-host")).hasSize(1);
        }
    }

    @Test
    void batch_notSaved_endsTheVisitWithoutBlamingTheHost() throws Exception {
        beans.answering("goesOn", true, true);
        try (RouteUnderTest route = route().start().failing("save-batch-of-describe-repo-host", new SQLException("gone"))) {
            assertThat(route.send("visit").isFailed()).isFalse();
            assertThat(beans.calls()).endsWith("crawl.broken");
            assertThat(route.received("save-batch-of-describe-repo-host")).hasSize(1);
            assertThat(route.received("end-describe-repo-host")).as("noted as the host's").isEmpty();
        }
    }
}
