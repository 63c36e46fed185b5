package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-log.camel.yaml} */
class PdsLogRouteTest {
    private static final String FOLLOW = "add-accounts-and-move-cursor";
    private final HostFinder finder =
            new HostFinder(new HostFinder.Sources(false, List.of(), Optional.empty(), List.of()));

    private RouteUnderTest route(long from) {
        Exchange begun = new DefaultExchange(new DefaultCamelContext());
        begun.getMessage().setBody(List.of(Map.of("from", from, "end", 10L)));
        finder.begin(begun);
        return RouteUnderTest.of("pds-log", FOLLOW).with(finder, "hostFinder").with(new CrawlUnderTest("pds-hosts").crawl, "crawl");
    }

    @Test
    void log_behindItsEnd_isFollowedPartByPart() throws Exception {
        try (RouteUnderTest route = route(0)
                .rows(FOLLOW, List.of(Map.of("from", 6L)), List.of(Map.of("from", 10L)))
                .start()) {
            route.send("");
            assertThat(route.bodies(FOLLOW, Object.class))
                    .containsExactly(Map.of("from", 0L, "end", 10L), Map.of("from", 6L, "end", 10L));
            assertThat(route.callerWentOn()).isEqualTo(1);
        }
    }

    @Test
    void log_atItsEnd_isNotRead() throws Exception {
        try (RouteUnderTest route = route(10).start()) {
            route.send("");
            assertThat(route.received(FOLLOW)).isEmpty();
        }
    }

    @Test
    void log_notFollowed_endsTheRound() throws Exception {
        try (RouteUnderTest route = route(0).failing(FOLLOW, new SQLException("gone")).start()) {
            assertThat(route.send("").isFailed()).isFalse();
            assertThat(route.received(FOLLOW)).hasSize(1);
            assertThat(route.callerWentOn()).as("hosts are not said to be known").isZero();
        }
    }
}
