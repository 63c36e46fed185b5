package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-endpoints.camel.yaml} */
class PdsEndpointsRouteTest {
    private static final String SKIPPED = "look-again-at-skipped-ones";
    private static final String READ = "read-new-endpoints";
    private static final String ADD = "add-hosts";
    private static final String SETTLE = "settle-other-names";
    private final HostFinder finder =
            new HostFinder(new HostFinder.Sources(false, List.of(), Optional.empty(), List.of()));

    @BeforeEach
    void begin() {
        Exchange begun = new DefaultExchange(new DefaultCamelContext());
        begun.getMessage().setBody(List.of(Map.of("from", 0L, "end", 10L)));
        finder.begin(begun);
    }

    private RouteUnderTest route() {
        return RouteUnderTest.of("pds-endpoints", SKIPPED, READ, ADD, SETTLE)
                .with(finder, "hostFinder")
                .with(new CrawlUnderTest("pds-hosts").crawl, "crawl");
    }

    @Test
    void endpoints_newOnes_becomeHostsOrAreNotedAsNone() throws Exception {
        List<?> page = List.of(
                Map.of("id", 1, "endpoint", "https://One.test/"), Map.of("id", 2, "endpoint", "ftp://two.test"));
        try (RouteUnderTest route = route().rows(READ, page).start()) {
            route.send("");
            assertThat(route.passed()).containsExactly(SKIPPED, READ, ADD, READ, ADD, SETTLE);
            Map<?, ?> rows = route.bodies(ADD, Map.class).get(0);
            assertThat((int[]) rows.get("endpoints")).containsExactly(1, 2);
            assertThat((String[]) rows.get("pdses")).containsExactly("https://one.test", null);
            assertThat(route.callerWentOn()).isEqualTo(1);
        }
    }

    @Test
    void endpoints_notStored_endTheRound() throws Exception {
        List<?> page = List.of(Map.of("id", 1, "endpoint", "https://one.test"));
        try (RouteUnderTest route = route().rows(READ, page).failing(ADD, new SQLException("gone")).start()) {
            assertThat(route.send("").isFailed()).isFalse();
            assertThat(route.passed()).containsExactly(SKIPPED, READ, ADD);
            assertThat(route.callerWentOn()).as("no account may meet an unknown endpoint").isZero();
        }
    }
}
