package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-leases.camel.yaml} */
class PdsLeasesRouteTest {
    private static final String STATEMENT = "keep-leases";
    private final CrawlUnderTest crawl = new CrawlUnderTest("pds-accounts");

    private RouteUnderTest route() {
        return RouteUnderTest.of("pds-leases", STATEMENT).with(crawl.crawl, "crawl");
    }

    @Test
    void leases_ofOperatorsThatAreAsked_areKept() throws Exception {
        crawl.visit(1);
        crawl.visit(2);
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            Map<?, ?> row = route.bodies(STATEMENT, Map.class).get(0);
            assertThat((String[]) row.get("busy")).containsExactlyInAnyOrder("h1.test", "h2.test");
            assertThat(row.get("lease")).isEqualTo(60L);
        }
    }

    @Test
    void leases_notRenewed_areLeftToTheNextTimeAndEndNoVisit() throws Exception {
        HostVisit visit = crawl.visit(1);
        try (RouteUnderTest route = route().failing(STATEMENT, new SQLException("gone")).start()) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(visit.isDown()).isFalse();
        }
    }
}
