package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code routes/handles-log.camel.yaml} */
class HandlesLogRouteTest {
    private static final String END = "find-the-end-of-the-log-of-handles";
    private static final String FOLLOW = "make-handles-due-and-move-cursor";
    private final HandleUnderTest stage = new HandleUnderTest();

    private RouteUnderTest route() {
        stage.rounds.start();
        return RouteUnderTest.of("handles-log", END, FOLLOW)
                .with(stage.rounds, "handleRounds")
                .with(stage.log, "handleLog")
                .rows(END, List.of(Map.of("from", 3L, "end", 10L)));
    }

    @Test
    void log_partAfterPart_isFollowedToItsEnd() throws Exception {
        try (RouteUnderTest route = route()
                .rows(FOLLOW, List.of(Map.of("from", 7L, "end", 10L)), List.of(Map.of("from", 10L, "end", 10L)))
                .start()) {
            assertThat(route.send("go").isFailed()).isFalse();
            assertThat(route.bodies(FOLLOW, Map.class)).extracting(part -> part.get("from")).containsExactly(3L, 7L);
            Map<?, ?> part = route.bodies(FOLLOW, Map.class).get(0);
            assertThat((String[]) part.get("patterns")).containsExactly("%.brid.gy");
            assertThat(part.get("soon")).isEqualTo("2030-01-01T00:01:00Z");
            assertThat(part.get("recent")).isEqualTo("2029-12-31T00:00:00Z");
            assertThat(stage.log.hasFinished()).isTrue();
        }
    }

    @Test
    void log_beforeItHasCaughtUp_isNotRead() throws Exception {
        stage.mayBegin = false;
        try (RouteUnderTest route = route().start()) {
            route.send("go");
            assertThat(route.passed()).isEmpty();
            assertThat(stage.log.hasFinished()).isFalse();
        }
    }

    @Test
    void log_partIsNotStored_endsTheRound() throws Exception {
        try (RouteUnderTest route = route().failing(FOLLOW, new SQLException("gone")).start()) {
            assertThat(route.send("go").isFailed()).isFalse();
            assertThat(route.callerWentOn()).isZero();
            assertThat(stage.log.hasFinished()).isFalse();
        }
    }
}
