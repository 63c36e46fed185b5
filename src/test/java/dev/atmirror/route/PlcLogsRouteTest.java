package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code routes/plc-logs.camel.yaml} */
class PlcLogsRouteTest {
    private final NotedBeans beans = new NotedBeans();

    private RouteUnderTest route() throws Exception {
        return RouteUnderTest.of("plc-logs", "fetch-and-hand-over")
                .with(beans, "writerLease", "logCursor", "numbersLookout", "rereading", "storedPages")
                .start();
    }

    @Test
    void run_asLongAsItIsBehind_fetchesPageAfterPage() throws Exception {
        beans.goingOn(3);
        try (RouteUnderTest route = route()) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(beans.calls()).containsExactly("startRun", "look", "begin");
            assertThat(route.received("fetch-and-hand-over")).hasSize(3);
        }
    }

    @Test
    void run_whileAnotherProcessWrites_doesNothing() throws Exception {
        beans.goingOn(3).withoutTheLease();
        try (RouteUnderTest route = route()) {
            route.send("wake");
            assertThat(beans.calls()).isEmpty();
            assertThat(route.received("fetch-and-hand-over")).isEmpty();
        }
    }

    @Test
    void run_storageAway_startsAgainAndIsOver() throws Exception {
        beans.goingOn(3).failing(new IllegalStateException("no database"));
        try (RouteUnderTest route = route()) {
            assertThat(route.send("wake").isFailed()).as("left to the scheduler").isFalse();
            assertThat(beans.calls()).containsExactly("startRun", "startAgain");
            assertThat(route.received("fetch-and-hand-over")).isEmpty();
        }
    }
}
