package dev.atmirror.route;

import static dev.atmirror.route.CrawlUnderTest.Answer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.pds.NsidPatterns;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code routes/recent-records-host.camel.yaml} */
class RecentRecordsHostRouteTest extends AccountBatchesContract {
    private static final String CLAIM = "claim-accounts-for-recent-records-host";
    private static final String REQUEST = "request-recent-records-collection";
    private static final String PART = "save-part-of-recent-records";
    private static final String BATCH = "save-batch-of-recent-records-host";
    private static final String END = "end-recent-records-host";

    RecentRecordsHostRouteTest() {
        super("recent-records");
    }

    @Override
    RouteUnderTest with(RouteUnderTest route, CrawlUnderTest crawl) {
        return route.with(new RecentRecords(crawl.crawl, crawl.metrics, new NsidPatterns(List.of()), 10), "recentRecords");
    }

    @Test
    void visit_partOfABatchIsNotSaved_doesNotCountTheBatchAsDone() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest("recent-records");
        HostVisit visit = crawl.visit(1);
        String text = "x".repeat(1 << 20);
        try (RouteUnderTest route = with(RouteUnderTest.of("recent-records-host", CLAIM, BATCH, END), crawl)
                .calling("recent-records-collection", REQUEST, PART)
                .with(crawl.crawl, "crawl")
                .rows(CLAIM, List.of(Map.of("did", "did:plc:7", "account", 7, "collections", "app.test.note")))
                .answering(REQUEST, crawl.host(ok("{'records':[{'uri':'at://did:plc:7/app.test.note/a','cid':'bafy',"
                        + "'value':{'$type':'app.test.note','text':'" + text + "'}}]}")))
                .failing(PART, new SQLException("gone"))
                .start()) {
            assertThat(route.send(visit).isFailed()).isFalse();
assertThat(route.passed()).containsExactly(CLAIM, REQUEST, PART);
            assertThat(crawl.rounds.visiting()).isZero();
        }
    }
}
