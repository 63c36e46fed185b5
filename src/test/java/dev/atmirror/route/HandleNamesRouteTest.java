package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code routes/handle-names.camel.yaml} */
class HandleNamesRouteTest {
    private static final String FOLLOW = "store-handles-and-cursor";
    private boolean readOnce = true;

    private RouteUnderTest route() {
        return RouteUnderTest.of("handle-names", FOLLOW).with(new HandleNames(() -> readOnce), "handleNames");
    }

    private static List<Map<String, Long>> read(long operations) {
        return List.of(Map.of("read", operations));
    }

    @Test
    void log_ofSeveralParts_isFollowedToItsEnd() throws Exception {
        try (RouteUnderTest route = route().rows(FOLLOW, read(20_000), read(20_000), read(7)).start()) {
            route.send("wake");
            assertThat(route.received(FOLLOW)).hasSize(3);
        }
    }

    @Test
    void log_thatWasNeverReadToItsEnd_isLeftAlone() throws Exception {
        readOnce = false;
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(route.received(FOLLOW)).isEmpty();
        }
    }

    @Test
    void log_notFollowed_isLeftToTheNextTime() throws Exception {
        try (RouteUnderTest route = route().failing(FOLLOW, new SQLException("gone")).start()) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(route.received(FOLLOW)).hasSize(1);
        }
    }
}
