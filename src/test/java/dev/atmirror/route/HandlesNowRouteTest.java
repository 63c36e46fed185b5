package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code routes/handles-now.camel.yaml} */
class HandlesNowRouteTest {
    private static final String CLAIM = "claim-one-handle";
    private static final String CHECK = "check-it-as-all-others";
    private final HandleUnderTest stage = new HandleUnderTest();

    private RouteUnderTest route() {
        return RouteUnderTest.of("handles-now", CLAIM, CHECK).with(stage.rounds, "handleRounds").with(stage.rows, "handleRows");
    }

    @Test
    void account_isClaimedAndCheckedBesideTheStage() throws Exception {
        try (RouteUnderTest route = route().rows(CLAIM, List.of(HandleUnderTest.claimed(7, "alice.com"))).start()) {
            route.send("did:plc:7");
            Map<?, ?> claim = route.bodies(CLAIM, Map.class).get(0);
            assertThat(claim.get("did")).isEqualTo("did:plc:7");
            assertThat(claim.get("lease")).isEqualTo(HandleUnderTest.CLAIM.toSeconds());
            HandleBatch batch = route.bodies(CHECK, HandleBatch.class).get(0);
            assertThat(batch.tasks()).extracting(task -> task.claimed().handle()).containsExactly("alice.com");
            assertThat(stage.rounds.underWay()).isZero();
        }
    }

    @Test
    void account_withoutAHandle_isABatchOfNone() throws Exception {
        try (RouteUnderTest route = route().rows(CLAIM).start()) {
            route.send("did:plc:7");
            assertThat(route.bodies(CHECK, HandleBatch.class).get(0).tasks()).isEmpty();
        }
    }

    @Test
    void account_notClaimed_isNotChecked() throws Exception {
        try (RouteUnderTest route = route().failing(CLAIM, new SQLException("gone")).start()) {
            assertThat(route.send("did:plc:7").isFailed()).isFalse();
            assertThat(route.passed()).containsExactly(CLAIM);
        }
    }
}
