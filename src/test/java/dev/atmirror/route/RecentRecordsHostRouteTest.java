package dev.atmirror.route;

import dev.atmirror.pds.NsidPatterns;
import java.util.List;

/** {@code routes/recent-records-host.camel.yaml} */
class RecentRecordsHostRouteTest extends AccountBatchesContract {
    RecentRecordsHostRouteTest() {
        super("recent-records");
    }

    @Override
    RouteUnderTest with(RouteUnderTest route, CrawlUnderTest crawl) {
        return route.with(new RecentRecords(crawl.crawl, crawl.metrics, new NsidPatterns(List.of()), 10), "recentRecords");
    }
}
