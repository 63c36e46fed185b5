package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code routes/recent-records-collection.camel.yaml} */
class RecentRecordsCollectionRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("recent-records-collection", "request-recent-records-collection", "save-part-of-recent-records"), "recentRecords", "crawl");
    }

    @Test
    void collection_ofFewBytes_isKeptForTheBatch() throws Exception {
        beans.answering("isUp", true);
        try (RouteUnderTest route = route().start()) {
            route.send("collection");
            assertThat(beans.calls()).containsExactly("recentRecords.ask", "recentRecords.keep");
            assertThat(route.received("save-part-of-recent-records")).isEmpty();
        }
    }

    @Test
    void collection_thatFillsTheBatch_isSavedBeforeTheNext() throws Exception {
        beans.answering("isUp", true).answering("isFull", true);
        try (RouteUnderTest route = route().start()) {
            route.send("collection");
            assertThat(beans.calls()).endsWith("recentRecords.keep", "recentRecords.layOutPart");
            assertThat(route.received("save-part-of-recent-records")).hasSize(1);
        }
    }

    @Test
    void collection_ofAHostThatIsDown_isLeftAlone() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("collection");
            assertThat(route.received("request-recent-records-collection")).isEmpty();
            assertThat(beans.calls()).isEmpty();
        }
    }
}
