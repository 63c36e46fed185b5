package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** {@code routes/handles-count.camel.yaml} */
class HandlesCountRouteTest {
    private static final String COUNT = "count-handles";

    private static RouteUnderTest route() {
        return RouteUnderTest.of("handles-count", COUNT).with(new HandleUnderTest().rounds, "handleRounds");
    }

    @Test
    void count_isOneStatement() throws Exception {
        try (RouteUnderTest route = route().start()) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(route.passed()).containsExactly(COUNT);
        }
    }

    @Test
    void count_thatFails_isLeftToTheNext() throws Exception {
        try (RouteUnderTest route = route().failing(COUNT, new SQLException("gone")).start()) {
            assertThat(route.send("wake").isFailed()).isFalse();
        }
    }
}
