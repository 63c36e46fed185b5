package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code routes/handles.camel.yaml} */
class HandlesRouteTest {
    private static final String FOLLOW = "follow-the-log-for-handles";
    private static final String CLAIM = "claim-handles";
    private static final String CHECK = "check-handles-meanwhile";
    private final HandleUnderTest stage = new HandleUnderTest();

    private RouteUnderTest route() {
        return RouteUnderTest.of("handles", FOLLOW, CLAIM, CHECK).with(stage.rounds, "handleRounds");
    }

    @Test
    void round_untilNothingIsDue_claimsAndHandsOver() throws Exception {
        try (RouteUnderTest route = route()
                .rows(CLAIM,
                        List.of(HandleUnderTest.claimed(1, "a.com"), HandleUnderTest.claimed(2, "b.com")),
                        List.of(HandleUnderTest.nothing(200)), // a full look at parents that had nothing after all
                        List.of(HandleUnderTest.claimed(3, "c.com")),
                        List.of(HandleUnderTest.nothing(1)))
                .start()) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(route.passed()).containsExactly(FOLLOW, CLAIM, CHECK, CLAIM, CLAIM, CHECK, CLAIM);
            assertThat(route.bodies(CHECK, HandleBatch.class)).extracting(batch -> batch.tasks().size()).containsExactly(2, 1);
            Map<?, ?> first = route.bodies(CLAIM, Map.class).get(0);
            assertThat(first.get("due")).isEqualTo(HandleUnderTest.NOW.toString());
            assertThat(first.get("batch")).isEqualTo(10);
            assertThat(first.get("quota")).isEqualTo(100L);
            assertThat(first.get("spacing")).isEqualTo(0.1);
            assertThat(route.bodies(CLAIM, Map.class).get(1).get("batch")).as("the room that is left").isEqualTo(8);
            assertThat(stage.rounds.underWay()).isEqualTo(3);
        }
    }

    @Test
    void round_beforeTheLogHasCaughtUp_claimsNothing() throws Exception {
        stage.mayBegin = false;
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(route.passed()).containsExactly(FOLLOW);
        }
    }

    /** Issue 12, D23: what is claimed could not be asked for. */
    @Test
    void round_whileNameServersAskForTime_followsTheLogAndClaimsNothing() throws Exception {
        stage.dnsPause = java.time.Duration.ofSeconds(30);
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(route.passed()).containsExactly(FOLLOW);
            assertThat(stage.rounds.wantsMore()).as("for who follows the log").isTrue();
        }
    }

    @Test
    void round_switchedOff_claimsNothing() throws Exception {
        stage.rounds.halt(true);
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(route.passed()).containsExactly(FOLLOW);
        }
    }

    @Test
    void round_claimFails_isLeftToTheNext() throws Exception {
        try (RouteUnderTest route = route().failing(CLAIM, new SQLException("gone")).start()) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(route.passed()).containsExactly(FOLLOW, CLAIM);
            assertThat(stage.rounds.underWay()).isZero();
        }
    }
}
