package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** {@code routes/plc-standing.camel.yaml} */
class PlcStandingRouteTest {
    private static final String STATEMENT = "note-standing";
    private final NotedBeans beans = new NotedBeans();

    private RouteUnderTest route() {
        return RouteUnderTest.of("plc-standing", STATEMENT).with(beans, "writerLease", "standing");
    }

    @Test
    void standing_asTheWriter_isNoted() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(beans.calls()).containsExactly("layOut");
            assertThat(route.received(STATEMENT)).hasSize(1);
        }
    }

    @Test
    void standing_whileAnotherWrites_isLearned() throws Exception {
        beans.withoutTheLease();
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(beans.calls()).containsExactly("learn");
            assertThat(route.received(STATEMENT)).isEmpty();
        }
    }

    @Test
    void standing_notNoted_isLeftToTheNextTime() throws Exception {
        try (RouteUnderTest route = route().failing(STATEMENT, new SQLException("gone")).start()) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(beans.calls()).containsExactly("layOut");
        }
    }
}
