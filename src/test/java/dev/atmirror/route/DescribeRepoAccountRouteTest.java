package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code routes/describe-repo-account.camel.yaml} */
class DescribeRepoAccountRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("describe-repo-account", "request-describe-repo-account"), "describeRepos", "crawl");
    }

    @Test
    void account_ofAHostThatIsUp_isAskedForAndJudged() throws Exception {
        beans.answering("isUp", true);
        try (RouteUnderTest route = route().start()) {
            route.send("account");
            assertThat(route.received("request-describe-repo-account")).hasSize(1);
            assertThat(beans.calls()).containsExactly("describeRepos.ask", "describeRepos.judge");
        }
    }

    @Test
    void account_ofAHostThatIsDown_isLeftAlone() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("account");
            assertThat(route.received("request-describe-repo-account")).isEmpty();
            assertThat(beans.calls()).isEmpty();
        }
    }
}
