package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** {@code routes/snapshot-restore-aside.camel.yaml} */
class SnapshotRestoreAsideRouteTest {
    private RestoreSteps steps = new RestoreSteps();

    private Exchange sent() throws Exception {
        try (RouteUnderTest route = RouteUnderTest.of("snapshot-restore-aside", "read-what-is-aside-by-pages").with(steps, "snapshotRestores").start()) {
            return route.send("");
        }
    }

    @Test
    void steps_ofADump_followEachOther() throws Exception {
        assertThat(sent().isFailed()).isFalse();
        assertThat(steps.calls()).containsExactly("layAside", "finishAside");
    }

    @Test
    void step_thatFails_leavesEverythingAsItWasAndIsSaidToTheCaller() throws Exception {
        for (String step : List.of("layAside", "finishAside")) {
            steps = new RestoreSteps();
            steps.failing = step;
            assertThat(sent().getException()).hasMessage("no " + step);
            assertThat(steps.calls()).endsWith(step, "failed");
        }
    }
}
