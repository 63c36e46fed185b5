package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** {@code routes/snapshot-restore-tables.camel.yaml} */
class SnapshotRestoreTablesRouteTest {
    private RestoreSteps steps = new RestoreSteps();

    private Exchange sent() throws Exception {
        try (RouteUnderTest route = RouteUnderTest.of("snapshot-restore-tables").with(steps, "snapshotRestores").start()) {
            return route.send("");
        }
    }

    @Test
    void steps_ofADump_followEachOther() throws Exception {
        assertThat(sent().isFailed()).isFalse();
        assertThat(steps.calls()).containsExactly("load", "buildIndex", "buildIndex", "verify", "finish");
    }

    @Test
    void step_thatFails_leavesEverythingAsItWasAndIsSaidToTheCaller() throws Exception {
        for (String step : List.of("load", "buildIndex", "buildIndex", "verify", "finish")) {
            steps = new RestoreSteps();
            steps.failing = step;
            assertThat(sent().getException()).hasMessage("no " + step);
            assertThat(steps.calls()).endsWith(step, "failed");
        }
    }
}
