package dev.atmirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.snapshot.SnapshotFolder;
import dev.atmirror.snapshot.SnapshotInputs;
import dev.atmirror.snapshot.SnapshotUpload;
import dev.atmirror.testkit.LoggedLines;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The lines that stand for the progress bar where there is no terminal. */
class ProgressLogTest {
    private static final Instant DAY = Instant.parse("2024-05-06T07:08:09Z");
    private static final Duration STEP = Duration.ofSeconds(10); // between two looks, as the clock of these tests goes
    private static final OptionalLong UNKNOWN = OptionalLong.empty();

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    /** One look after the other, the last of them at the end. */
    private final class Looks implements Program.Mirroring {
        private final Deque<Program.Progress> coming;

        Looks(Program.Progress... looks) {
            coming = new ArrayDeque<>(List.of(looks));
        }

        @Override
        public int port() {
            return 0;
        }

        @Override
        public Program.Progress progress() {
            now = now.plus(STEP);
            return coming.remove();
        }

        @Override
        public void close() {
            // nothing runs
        }
    }

    /** Knows the time only. */
    private final class Clock implements Program {
        @Override
        public String version() {
            return "test";
        }

        @Override
        public InstantSource clock() {
            return () -> now;
        }

        @Override
        public URI upstream() {
            return URI.create("http://up.test");
        }

        @Override
        public Mirroring run() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Mirroring backfillLog(Optional<String> from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Crawling backfill(Crawl crawl) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SnapshotFolder snapshots() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SnapshotInputs snapshotInputs() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SnapshotUpload snapshotUpload() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Dumping dump(List<String> names, boolean filtered) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Restoring restore(String file, boolean trusting) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Database database() {
            throw new UnsupportedOperationException();
        }
    }

    private List<String> linesOf(Program.Progress... looks) throws InterruptedException {
        try (LoggedLines said = new LoggedLines(ProgressLog.class.getName());
                ProgressLog progress = new ProgressLog(new Clock(), new Looks(looks))) {
            progress.whileBehind();
            return said.messages();
        }
    }

    private static Program.Progress at(long stored, long seq, OptionalLong head, Duration waiting) {
        return new Program.Progress(stored, seq, head, DAY, false, waiting);
    }

    private static Program.Progress end(long stored) {
        return new Program.Progress(stored, stored, OptionalLong.of(stored), DAY, true, Duration.ZERO);
    }

    @Test
    void line_whileReading_tellsCountRateDateAndWhatIsLeft() throws InterruptedException {
        OptionalLong head = OptionalLong.of(1_000_000);
        List<String> lines = linesOf(
                at(0, 0, UNKNOWN, Duration.ZERO),
                at(0, 100_000, head, Duration.ZERO),
                at(200_000, 300_000, head, Duration.ZERO),
                at(400_000, 500_000, head, Duration.ZERO),
                end(900_000));
        assertThat(lines)
                .containsExactly(
                        "200,000 operations stored, 20,000/s, at 2024-05-06, 105 s left",
                        "400,000 operations stored, 20,000/s, at 2024-05-06, 50 s left",
                        "caught up: 900,000 operations stored in 50 s");
    }

    @Test
    void line_ofAnUpstreamWithoutNumbers_leavesTheRestOut() throws InterruptedException {
        List<String> lines = linesOf(at(0, 0, UNKNOWN, Duration.ZERO), at(1_234, 0, UNKNOWN, Duration.ZERO), end(2_000));
        assertThat(lines).first().isEqualTo("1,234 operations stored, 62/s, at 2024-05-06");
    }

    @Test
    void line_whileTheUpstreamHoldsUsBack_saysForHowLong() throws InterruptedException {
        List<String> lines = linesOf(
                at(1_000, 0, UNKNOWN, Duration.ZERO), at(1_000, 0, UNKNOWN, Duration.ofSeconds(299)), end(1_000));
        assertThat(lines).contains("1,000 operations stored, 50/s, at 2024-05-06, waiting 4 min as the upstream asks");
    }

    @Test
    void line_whileNothingMoves_isLeftOut() throws InterruptedException {
        Program.Progress still = at(0, 0, UNKNOWN, Duration.ZERO);
        assertThat(linesOf(still, still, still, end(0))).containsExactly("caught up: 0 operations stored in 40 s");
    }
}
