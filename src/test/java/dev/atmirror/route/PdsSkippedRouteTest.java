package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.LoggedLines;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-skipped.camel.yaml}: issue 12, C13. */
class PdsSkippedRouteTest {
    private static final String READ = "read-skipped-endpoints";
    private static final String ADOPT = "adopt-endpoints";
    private static final List<?> PAGE = List.of(
            Map.of("id", 4, "endpoint", "http://localhost:2583"), Map.of("id", 9, "endpoint", "ftp://two.test"));

    private static RouteUnderTest route(boolean allowPrivate) {
        HostFinder finder = new HostFinder(new HostFinder.Sources(allowPrivate, List.of(), Optional.empty(), List.of()));
        return RouteUnderTest.of("pds-skipped", READ, ADOPT)
                .with(finder, "hostFinder")
                .with(new CrawlUnderTest("pds-hosts").crawl, "crawl");
    }

    @Test
    void endpoints_thatASettingLetsIn_becomeHostsOnceAfterAStart() throws Exception {
        try (RouteUnderTest route = route(true).rows(READ, PAGE).start()) {
            route.send("");
            assertThat(route.bodies(READ, Map.class)).extracting(asked -> asked.get("after")).containsExactly(0, 9);
            assertThat((String[]) route.bodies(ADOPT, Map.class).get(0).get("pdses")).containsExactly("http://localhost:2583", null);
            route.send("");
            assertThat(route.received(READ)).as("once").hasSize(2);
            assertThat(route.callerWentOn()).isEqualTo(2);
        }
    }

    @Test
    void endpoints_thatStaySkipped_areSaidInOneLineWithTheRemedy() throws Exception {
        try (LoggedLines log = new LoggedLines(SkippedHosts.class.getName());
                RouteUnderTest route = route(false).rows(READ, PAGE).start()) {
            route.send("");
            assertThat(route.received(ADOPT)).as("which reads the whole log").isEmpty();
            assertThat(log.messages()).singleElement().asString()
                    .contains("1 endpoints").contains("http://localhost:2583").contains("atmirror.net.allow-private");
        }
    }

    @Test
    void endpoints_notStored_endTheRound() throws Exception {
        try (RouteUnderTest route = route(true).rows(READ, PAGE).failing(ADOPT, new SQLException("gone")).start()) {
            assertThat(route.send("").isFailed()).isFalse();
            assertThat(route.callerWentOn()).isZero();
        }
    }
}
