package dev.atmirror.route;

/** {@code routes/describe-repo-host.camel.yaml} */
class DescribeRepoHostRouteTest extends AccountBatchesContract {
    DescribeRepoHostRouteTest() {
        super("describe-repo");
    }

    @Override
    RouteUnderTest with(RouteUnderTest route, CrawlUnderTest crawl) {
        return route.with(new DescribeRepos(crawl.crawl, crawl.metrics), "describeRepos");
    }
}
