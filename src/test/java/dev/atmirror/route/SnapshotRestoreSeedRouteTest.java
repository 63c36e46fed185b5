package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code routes/snapshot-restore-seed.camel.yaml} */
class SnapshotRestoreSeedRouteTest {
    private final Rows rows = new Rows();

    /** Role {@code seedRows} with two pages. */
    public static final class Rows {
        private final List<String> calls = new ArrayList<>();
        private boolean repos = true;
        private boolean failing;
        private int left = 2;

        public void begin() {
            calls.add("begin");
        }

        public boolean hasNext() {
            return left > 0;
        }

        public String next() {
            calls.add("next");
            if (failing) {
                throw new IllegalStateException("cut");
            }
            return "page " + left--;
        }

        public boolean isOfRepos() {
            return repos;
        }

        public void count() {
            calls.add("count");
        }

        public void finish() {
            calls.add("finish");
        }

        public void stop() {
            calls.add("stop");
        }
    }

    private RouteUnderTest route() throws Exception {
        return RouteUnderTest.of("snapshot-restore-seed", "take-over-repos", "take-over-descriptions")
                .with(rows, "seedRows")
                .start();
    }

    @Test
    void repos_pageAfterPage_areTakenOverAndCounted() throws Exception {
        try (RouteUnderTest route = route()) {
            assertThat(route.send("").isFailed()).isFalse();
            assertThat(rows.calls).containsExactly("begin", "next", "count", "next", "count", "finish");
            assertThat(route.bodies("take-over-repos", String.class)).containsExactly("page 2", "page 1");
            assertThat(route.received("take-over-descriptions")).isEmpty();
        }
    }

    @Test
    void descriptions_goByTheirOwnStatement() throws Exception {
        rows.repos = false;
        try (RouteUnderTest route = route()) {
            route.send("");
            assertThat(route.received("take-over-descriptions")).hasSize(2);
            assertThat(route.received("take-over-repos")).isEmpty();
        }
    }

    @Test
    void file_thatCannotBeRead_endsTheRestore() throws Exception {
        rows.failing = true;
        try (RouteUnderTest route = route()) {
            assertThat(route.send("").getException()).hasMessage("cut");
            assertThat(rows.calls).containsExactly("begin", "next", "stop");
        }
    }
}
