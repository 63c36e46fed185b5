package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code routes/snapshot-restore-pages.camel.yaml} */
class SnapshotRestorePagesRouteTest {
    private static final String HAND_OVER = "hand-to-verification-restored";
    private final Restore restore = new Restore();

    /** Role {@code pagesRestore} with two pages. */
    public static final class Restore {
        private final List<String> calls = new ArrayList<>();
        private String failing = "";
        private int left = 2;

        private void note(String call) {
            calls.add(call);
            if (call.equals(failing)) {
                throw new IllegalStateException("no " + call);
            }
        }

        public void begin() {
            note("begin");
        }

        public boolean hasNext() {
            return left > 0;
        }

        public String next() {
            note("next");
            return "page " + left--;
        }

        public void awaitStored() {
            note("awaitStored");
        }

        public void checkWhole() {
            note("checkWhole");
        }

        public void layOutHandover() {
            note("layOutHandover");
        }

        public void stop() {
            calls.add("stop");
        }
    }

    private RouteUnderTest route() throws Exception {
        return RouteUnderTest.of(
                        "snapshot-restore-pages",
                        "note-what-was-there-before",
                        HAND_OVER,
                        "judge-again-what-came-out-of-order",
                        "set-the-upstreams-cursor")
                .with(restore, "pagesRestore")
                .start();
    }

    @Test
    void pages_allOfThem_areHandedOnAndTheCursorIsSetLast() throws Exception {
        try (RouteUnderTest route = route()) {
            assertThat(route.send("").isFailed()).isFalse();
            assertThat(restore.calls)
                    .containsExactly("begin", "next", "next", "awaitStored", "checkWhole", "layOutHandover");
            assertThat(route.bodies(HAND_OVER, String.class)).containsExactly("page 2", "page 1");
            assertThat(route.passed())
                    .containsExactly(
                            "note-what-was-there-before",
                            HAND_OVER,
                            HAND_OVER,
                            "judge-again-what-came-out-of-order",
                            "set-the-upstreams-cursor");
        }
    }

    @Test
    void file_notWhole_setsNoCursorAndTellsTheCaller() throws Exception {
        restore.failing = "checkWhole";
        try (RouteUnderTest route = route()) {
            assertThat(route.send("").getException()).hasMessage("no checkWhole");
            assertThat(restore.calls).endsWith("checkWhole", "stop");
            assertThat(route.received("set-the-upstreams-cursor")).isEmpty();
        }
    }

    @Test
    void page_thatCannotBeRead_endsTheRestore() throws Exception {
        restore.failing = "next";
        try (RouteUnderTest route = route()) {
            assertThat(route.send("").getException()).hasMessage("no next");
            assertThat(restore.calls).containsExactly("begin", "next", "stop");
        }
    }
}
