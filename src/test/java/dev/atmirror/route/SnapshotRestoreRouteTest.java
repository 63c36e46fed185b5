package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** {@code routes/snapshot-restore.camel.yaml} */
class SnapshotRestoreRouteTest {
    private static final String PAGES = "read-it-by-pages";

    private final Steps steps = new Steps();

    /** Role {@code snapshotRestores} with two indexes to build. */
    public static final class Steps {
        private final List<String> calls = new ArrayList<>();
        private String failing = "";
        private boolean fits = true;
        private int left = 2;

        private void note(String call) {
            calls.add(call);
            if (call.equals(failing)) {
                throw new IllegalStateException("no " + call);
            }
        }

        public void open() {
            note("open");
        }

        public boolean fitsEmptyTables() {
            return fits;
        }

        public void load() {
            note("load");
        }

        public boolean hasIndex() {
            return left-- > 0;
        }

        public void buildIndex() {
            note("buildIndex");
        }

        public void verify() {
            note("verify");
        }

        public void finish() {
            note("finish");
        }

        public void failed() {
            calls.add("failed");
        }
    }

    @Test
    void file_intoEmptyTables_isVerifiedBehindItsIndexesAndCommittedLast() throws Exception {
        try (RouteUnderTest route = RouteUnderTest.of("snapshot-restore", PAGES).with(steps, "snapshotRestores").start()) {
            assertThat(route.send("").isFailed()).isFalse();
            assertThat(steps.calls).containsExactly("open", "load", "buildIndex", "buildIndex", "verify", "finish");
            assertThat(route.received(PAGES)).isEmpty();
        }
    }

    @Test
    void file_thatFindsALog_goesByPages() throws Exception {
        steps.fits = false;
        try (RouteUnderTest route = RouteUnderTest.of("snapshot-restore", PAGES).with(steps, "snapshotRestores").start()) {
            route.send("");
            assertThat(steps.calls).containsExactly("open");
            assertThat(route.received(PAGES)).hasSize(1);
        }
    }

    @Test
    void step_thatFails_leavesEverythingAsItWasAndSaysSo() throws Exception {
        for (String step : List.of("open", "load", "buildIndex", "verify", "finish")) {
            steps.failing = step;
            steps.left = 1;
            steps.calls.clear();
            try (RouteUnderTest route = RouteUnderTest.of("snapshot-restore", PAGES).with(steps, "snapshotRestores").start()) {
                Exchange sent = route.send("");
                assertThat(sent.getException()).hasMessage("no " + step);
                assertThat(steps.calls).endsWith(step, "failed");
            }
        }
    }
}
