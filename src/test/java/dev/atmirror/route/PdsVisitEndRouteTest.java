package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-visit-end.camel.yaml} */
class PdsVisitEndRouteTest {
    private final CrawlBeans beans = new CrawlBeans();

    private RouteUnderTest route() {
        return beans.in(RouteUnderTest.of("pds-visit-end", "note-visit"), "crawl");
    }

    @Test
    void visit_whoseLastLaneEnds_isNotedAndThenReleased() throws Exception {
        beans.answering("isLastLane", true);
        try (RouteUnderTest route = route().start()) {
            route.send("visit");
            assertThat(beans.calls()).containsExactly("crawl.layOutEnd", "crawl.release");
            assertThat(route.received("note-visit")).hasSize(1);
        }
    }

    @Test
    void visit_withALaneLeft_goesOn() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("visit");
            assertThat(beans.calls()).isEmpty();
        }
    }

    @Test
    void visit_notNoted_isReleasedAllTheSame() throws Exception {
        beans.answering("isLastLane", true);
        try (RouteUnderTest route = route().start().failing("note-visit", new SQLException("gone"))) {
            route.send("visit");
            assertThat(beans.calls()).as("which releases it").containsExactly("crawl.layOutEnd", "crawl.broken");
        }
    }
}
