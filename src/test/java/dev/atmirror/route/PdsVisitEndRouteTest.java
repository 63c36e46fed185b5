package dev.atmirror.route;

import static dev.atmirror.route.CrawlUnderTest.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-visit-end.camel.yaml} */
class PdsVisitEndRouteTest {
    private static final String STATEMENT = "note-visit";
    private final CrawlUnderTest crawl = new CrawlUnderTest("describe-repo", 10, 2);
    private final HostVisit visit = crawl.visit(1);

    private RouteUnderTest route() {
        return RouteUnderTest.of("pds-visit-end", STATEMENT).with(crawl.crawl, "crawl");
    }

    private void endLane(RouteUnderTest route) {
        assertThat(route.send(lane -> crawl.enter(lane, visit)).isFailed()).isFalse();
    }

    @Test
    void visit_lastOfItsLanesEnds_isNotedOnceAndThenReleased() throws Exception {
        List<Integer> visiting = new ArrayList<>();
        try (RouteUnderTest route = route()
                .answering(STATEMENT, note -> visiting.add(crawl.rounds.visiting()))
                .start()) {
            endLane(route);
            assertThat(route.received(STATEMENT)).isEmpty();
            endLane(route);
            assertThat(route.bodies(STATEMENT, Map.class)).singleElement().satisfies(row -> {
                assertThat(row.get("host")).isEqualTo(1);
                assertThat(row.get("stage")).isEqualTo("describe-repo");
                assertThat(row.get("error")).isNull();
            });
            assertThat(visiting).as("while it is noted").containsExactly(1);
            assertThat(crawl.rounds.visiting()).isZero();
        }
    }

    @Test
    void visit_ofAHostThatFailed_isNotedWithAPause() throws Exception {
        visit.gone("refused");
        try (RouteUnderTest route = route().start()) {
            endLane(route);
            endLane(route);
            Map<?, ?> row = route.bodies(STATEMENT, Map.class).get(0);
            assertThat(row.get("error")).isEqualTo("refused");
            assertThat((String) row.get("nextTry")).isGreaterThan(NOW.toString());
        }
    }

    @Test
    void visit_thatIsNotNoted_isReleasedAllTheSame() throws Exception {
        try (RouteUnderTest route = route().failing(STATEMENT, new SQLException("gone")).start()) {
            endLane(route);
            endLane(route);
            assertThat(crawl.rounds.visiting()).as("may be claimed again").isZero();
        }
    }
}
