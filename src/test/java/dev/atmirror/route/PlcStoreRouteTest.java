package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** {@code routes/plc-store.camel.yaml} */
class PlcStoreRouteTest {
    private static final String STATEMENT = "store-page-and-cursor";
    private final NotedBeans beans = new NotedBeans();

    private RouteUnderTest route() {
        return RouteUnderTest.of("plc-store", STATEMENT).with(beans, "storedPages");
    }

    @Test
    void page_next_isStoredAndCounted() throws Exception {
        beans.goingOn(1);
        try (RouteUnderTest route = route().start()) {
            route.send("rows");
            assertThat(route.received(STATEMENT)).hasSize(1);
            assertThat(beans.calls()).containsExactly("stored");
        }
    }

    @Test
    void page_outdated_isDropped() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("rows");
            assertThat(route.received(STATEMENT)).isEmpty();
            assertThat(beans.calls()).isEmpty();
        }
    }

    @Test
    void page_notStored_startsAgainAndIsNotTriedTwice() throws Exception {
        beans.goingOn(1);
        try (RouteUnderTest route = route().failing(STATEMENT, new SQLException("gone")).start()) {
            assertThat(route.send("rows").isFailed()).isFalse();
            assertThat(route.received(STATEMENT)).hasSize(1);
            assertThat(beans.calls()).containsExactly("startAgain");
        }
    }
}
