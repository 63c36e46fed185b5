package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code routes/snapshot-restore-again.camel.yaml} */
class SnapshotRestoreAgainRouteTest {
    private static final String HAND_OVER = "hand-to-verification-again";
    private final Second second = new Second();

    /** Roles {@code secondReading} and {@code pagesRestore} with one page. */
    public static final class Second {
        private final List<String> calls = new ArrayList<>();
        private boolean failing;
        private int left = 1;

        public void takeBack() {
            calls.add("takeBack");
            if (failing) {
                throw new IllegalStateException("no database");
            }
        }

        public boolean hasNext() {
            return left > 0;
        }

        public String next() {
            calls.add("next");
            return "page " + left--;
        }

        public void awaitStored() {
            calls.add("awaitStored");
        }

        public void close() {
            calls.add("close");
        }

        public void stop() {
            calls.add("stop");
        }
    }

    private RouteUnderTest route() throws Exception {
        return RouteUnderTest.of("snapshot-restore-again", HAND_OVER)
                .with(second, "secondReading", "pagesRestore")
                .start();
    }

    @Test
    void rejected_afterTakingBack_areHandedOnAndStored() throws Exception {
        try (RouteUnderTest route = route()) {
            assertThat(route.send("").isFailed()).isFalse();
            assertThat(second.calls).containsExactly("takeBack", "next", "awaitStored", "close");
            assertThat(route.bodies(HAND_OVER, String.class)).containsExactly("page 1");
        }
    }

    @Test
    void takingBack_thatFails_endsTheRestore() throws Exception {
        second.failing = true;
        try (RouteUnderTest route = route()) {
            assertThat(route.send("").getException()).hasMessage("no database");
            assertThat(second.calls).containsExactly("takeBack", "stop");
            assertThat(route.received(HAND_OVER)).isEmpty();
        }
    }
}
