package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code routes/snapshot.camel.yaml} */
class SnapshotRouteTest {
    private final Dumps dumps = new Dumps();

    /** Role {@code snapshotDumps} with two dumps to make. */
    public static final class Dumps {
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
            return left-- > 0;
        }

        public void dump() {
            note("dump");
        }

        public void publish() {
            note("publish");
        }

        public void prune() {
            note("prune");
        }

        public void end() {
            note("end");
        }

        public void failed() {
            calls.add("failed");
        }
    }

    /** Role {@code snapshotUploads} with what was published. */
    public static final class Uploads {
        private final Dumps dumps;

        Uploads(Dumps dumps) {
            this.dumps = dumps;
        }

        public boolean hasNext() {
            return dumps.calls.stream().filter("publish"::equals).count() > dumps.calls.stream().filter("send"::equals).count();
        }

        public void sendNext() {
            dumps.note("send");
        }
    }

    private List<String> calls() throws Exception {
        try (RouteUnderTest route = RouteUnderTest.of("snapshot")
                .with(dumps, "snapshotDumps")
                .with(new Uploads(dumps), "snapshotUploads")
                .start()) {
            assertThat(route.send("wake").isFailed()).isFalse();
            return dumps.calls;
        }
    }

    @Test
    void dumps_oneAfterTheOther_areMadePublishedAndPrunedInOneSnapshotThenSent() throws Exception {
        assertThat(calls())
                .containsExactly("begin", "dump", "publish", "prune", "dump", "publish", "prune", "end", "send", "send");
    }

    @Test
    void dump_thatFails_isNotPublishedAndEndsTheRun() throws Exception {
        dumps.failing = "dump";
        assertThat(calls()).containsExactly("begin", "dump", "failed");
    }

    @Test
    void snapshot_notTaken_dumpsNothing() throws Exception {
        dumps.failing = "begin";
        assertThat(calls()).containsExactly("begin", "failed");
    }
}
