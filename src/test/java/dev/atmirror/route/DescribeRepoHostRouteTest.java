package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code routes/describe-repo-host.camel.yaml} */
class DescribeRepoHostRouteTest extends AccountBatchesContract {
    private static final String CLAIM = "claim-accounts-for-describe-repo-host";
    private static final String REQUEST = "request-describe-repo-account";
    private static final String FETCH = "fetch-from-host";
    private static final String BATCH = "save-batch-of-describe-repo-host";
    private static final String END = "end-describe-repo-host";

    DescribeRepoHostRouteTest() {
        super("describe-repo");
    }

    @Override
    RouteUnderTest with(RouteUnderTest route, CrawlUnderTest crawl) {
        return route.with(new DescribeRepos(crawl.crawl, crawl.metrics), "describeRepos");
    }

    @Test
    void visit_weFailOnAnAccount_asksNoOtherAndSavesNothing() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest("describe-repo");
        HostVisit visit = crawl.visit(1);
        try (RouteUnderTest route = with(RouteUnderTest.of("describe-repo-host", CLAIM, BATCH, END), crawl)
                .calling("describe-repo-account", REQUEST)
                .with(crawl.crawl, "crawl")
                .rows(CLAIM, List.of(Map.of("did", "did:plc:7", "account", 7), Map.of("did", "did:plc:8", "account", 8)))
                .failing(REQUEST, new IllegalStateException("ours"))
                .start()) {
            assertThat(route.send(visit).isFailed()).isFalse();
            assertThat(route.passed()).containsExactly(CLAIM, REQUEST);
            assertThat(crawl.rounds.visiting()).isZero();
        }
    }

    @Test
    void visit_hostFailsOnAnAccount_asksTheNextAndSavesBoth() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest("describe-repo");
        HostVisit visit = crawl.visit(1);
        try (RouteUnderTest route = with(RouteUnderTest.of("describe-repo-host", CLAIM, BATCH, END), crawl)
                .calling("describe-repo-account")
                .calling("pds-fetch", FETCH)
                .with(crawl.crawl, "crawl")
                .with(crawl.requests, "pdsRequests")
                .rows(CLAIM, List.of(Map.of("did", "did:plc:7", "account", 7), Map.of("did", "did:plc:8", "account", 8)))
                .failing(FETCH, new EOFException("hung up"))
                .start()) {
            route.send(visit);
            assertThat(route.passed()).containsExactly(CLAIM, FETCH, FETCH, BATCH, CLAIM, BATCH, END);
            assertThat((String[]) route.bodies(BATCH, Map.class).get(0).get("dids")).containsExactly("did:plc:7", "did:plc:8");
        }
    }
}
