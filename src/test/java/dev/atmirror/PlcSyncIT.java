package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LogLine;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The log from an upstream into the tables, by every way there is. */
class PlcSyncIT {
    private static final String[] PAGES_OF_100 = {"atmirror.plc.page-size", "100"};
    private final TestDatabase database = TestDatabase.create();

    private void assertHolds(List<LogLine> lines) {
        assertThat(database.content()).startsWith(lines.size() + " operations " + lines.size() + " distinct");
        assertThat(database.number("select count(*) from (select did from plc_log_entries group by did) d"))
                .isEqualTo(database.number("select count(*) from plc_account"));
    }

    @Test
    void sequencedLog_pagesThenStream_isMirroredWithoutTheInvalid() {
        SignedLog log = SignedLog.of(1, 600, 20);
        try (FakeUpstream upstream = new FakeUpstream(log.lines());
                MirrorRun run = MirrorRun.start(database, upstream, PAGES_OF_100)) {
            run.awaitStored(log.valid().size()).awaitStreaming();
            int asked = upstream.queries().size();
            upstream.append(log.grow(100, 20));
            run.awaitStored(log.valid().size());
            assertHolds(log.valid());
            assertThat(upstream.queries()).as("pages asked for while the stream is open").hasSize(asked);
            assertThat(database.number("select count(*) from plc_log_entries where nullified"))
                    .isEqualTo(log.nullified().size());
            assertThat(database.number("select count(*) from rejected_operations")).isEqualTo(log.invalid());
            assertThat(database.number("select max(seq) from plc_log_entries"))
                    .isEqualTo(log.valid().get(log.valid().size() - 1).seq());
            assertThat(run.metric("atmirror_plc_storage_failures_total", "")).isZero();
        }
    }

    @Test
    void timestampLog_tiesAndALateCommit_losesAndDoublesNothing() {
        SignedLog log = SignedLog.of(2, 500, 10);
        List<LogLine> recent = tied(shifted(log.valid()));
        int held = 3 * recent.size() / 4;
        // A genesis that nobody builds on before the mirror has seen it, and which commits late.
        LogLine late = recent.subList(0, held).stream()
                .filter(line -> recent.stream().filter(l -> l.did().equals(line.did())).count() == 1)
                .reduce((a, b) -> b)
                .orElseThrow();
        List<LogLine> first = new ArrayList<>(recent.subList(0, held));
        first.remove(late);
        try (FakeUpstream upstream = new FakeUpstream(first).with(FakeUpstream.Cursors.TIMESTAMP_ONLY);
                MirrorRun run = MirrorRun.start(database, upstream, "atmirror.plc.page-size", "10")) {
            run.awaitStored(first.size());
            assertHolds(first);
            upstream.append(List.of(late));
            run.awaitStored(first.size() + 1);
            upstream.append(recent.subList(held, recent.size()));
            run.awaitStored(recent.size()).awaitAnotherPoll();
            assertHolds(recent);
            assertThat(database.ask("select kind from sync_cursors")).isEqualTo("time");
        }
    }

    /** The same log, ending now. */
    private static List<LogLine> shifted(List<LogLine> lines) {
        Instant last = lines.get(lines.size() - 1).createdAt();
        Duration by = Duration.between(last, Instant.now().truncatedTo(ChronoUnit.MILLIS));
        return lines.stream().map(line -> line.at(line.createdAt().plus(by))).toList();
    }

    /** Times made coarse, so that up to seven operations of different accounts share one millisecond. */
    private static List<LogLine> tied(List<LogLine> lines) {
        List<LogLine> tied = new ArrayList<>();
        for (LogLine line : lines) {
            LogLine before = tied.isEmpty() ? line : tied.get(tied.size() - 1);
            boolean own = tied.stream()
                    .anyMatch(l -> l.createdAt().equals(before.createdAt()) && l.did().equals(line.did()));
            boolean shared = !own && tied.size() % 7 != 0;
            tied.add(shared ? line.at(before.createdAt()) : line);
        }
        return tied;
    }

    @Test
    void sequencedUpstream_thatLosesItsNumbers_isReadOnByTime() {
        SignedLog log = SignedLog.of(3, 300);
        try (FakeUpstream upstream = new FakeUpstream(log.lines()).withoutStream();
                MirrorRun run = MirrorRun.start(database, upstream, PAGES_OF_100)) {
            run.awaitStored(log.valid().size());
            upstream.with(FakeUpstream.Cursors.TIMESTAMP_ONLY).append(log.grow(150, 0));
            run.awaitStored(log.valid().size());
            assertHolds(log.valid());
        }
    }

    @Test
    void timestampUpstream_thatGainsNumbers_isReadOnByThemAndLive() {
        SignedLog log = SignedLog.of(9, 400, 10);
        List<LogLine> lines = shifted(log.valid());
        try (FakeUpstream upstream = new FakeUpstream(lines.subList(0, 200)).with(FakeUpstream.Cursors.TIMESTAMP_ONLY)) {
            try (MirrorRun run = MirrorRun.start(database, upstream, PAGES_OF_100)) {
                run.awaitStored(200);
            }
            assertThat(database.ask("select kind from sync_cursors")).isEqualTo("time");
            upstream.with(FakeUpstream.Cursors.SEQUENCE).append(lines.subList(200, 300));
            try (MirrorRun run = MirrorRun.start(database, upstream, PAGES_OF_100)) {
                run.awaitStored(300).awaitStreaming();
                upstream.append(lines.subList(300, lines.size()));
                run.awaitStored(lines.size());
                assertHolds(lines);
                assertThat(database.ask("select kind from sync_cursors")).isEqualTo("seq");
                assertThat(run.metric("atmirror_plc_storage_failures_total", "")).isZero();
            }
        }
    }

    @Test
    void restart_inTheMiddle_goesOnAtTheCursor() {
        SignedLog log = SignedLog.of(4, 400);
        try (FakeUpstream upstream = new FakeUpstream(log.lines().subList(0, 200)).withoutStream()) {
            try (MirrorRun run = MirrorRun.start(database, upstream, PAGES_OF_100)) {
                run.awaitStored(200);
            }
            int asked = upstream.queries().size();
            upstream.append(log.lines().subList(200, 400));
            try (MirrorRun run = MirrorRun.start(database, upstream, PAGES_OF_100)) {
                run.awaitStored(400);
                assertThat(upstream.queries().get(asked)).endsWith("after=" + log.lines().get(199).seq());
                assertThat(run.metric("atmirror_plc_operations_duplicate_total", "")).isZero();
            }
            assertHolds(log.lines());
        }
    }

    @Test
    void twoMirrors_onOneDatabase_writeOneAtATime() {
        SignedLog log = SignedLog.of(5, 500);
        try (FakeUpstream first = new FakeUpstream(log.lines()).slowedBy(20);
                FakeUpstream second = new FakeUpstream(log.lines()).slowedBy(20)) {
            MirrorRun writer = MirrorRun.start(database, first, "atmirror.plc.page-size", "25");
            await().until(() -> !first.queries().isEmpty());
            try (MirrorRun waiting = MirrorRun.start(database, second, "atmirror.plc.page-size", "25")) {
                writer.awaitStored(500);
                assertThat(second.queries()).isEmpty();
                writer.close();
                await().atMost(Duration.ofSeconds(20)).until(() -> !second.queries().isEmpty());
                first.append(log.grow(50, 0));
                second.append(log.lines().subList(500, 550));
                waiting.awaitStored(550);
                assertThat(waiting.metric("atmirror_plc_storage_failures_total", "")).isZero();
            }
            assertHolds(log.lines());
        }
    }

    @Test
    void mirror_thatOnlyServesWhatAnotherWrites_isReadyAsLongAsThatIs() throws Exception {
        SignedLog log = SignedLog.of(10, 400);
        String[] settings = {
            "atmirror.plc.page-size", "25",
            "atmirror.plc.standing-schedule", "* * * * * ?",
            "atmirror.ready-within", "3s",
            "atmirror.routes.plc-logs.enabled", "true"
        };
        String[] servingOnly = settings.clone();
        servingOnly[servingOnly.length - 1] = "false";
        String did = "/" + log.lines().get(0).did() + "/log";
        try (FakeUpstream upstream = new FakeUpstream(log.lines()).slowedBy(100);
                MirrorRun serving = MirrorRun.start(database, upstream, servingOnly)) {
            assertThat(serving.get(did).statusCode()).isEqualTo(503);
            try (MirrorRun writer = MirrorRun.start(database, upstream, settings)) {
                writer.awaitStored(400).awaitStreaming();
                await().atMost(Duration.ofSeconds(10)).until(() -> serving.get("/ready").statusCode() == 200);
                assertThat(serving.get(did).statusCode()).isEqualTo(200);
                assertThat(serving.mirror().readiness().seq()).isEqualTo(log.lines().get(399).seq());
                // Nothing comes, and the upstream says so.
                await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(20)).until(() -> serving.mirror().readiness().ready());
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> serving.get("/ready").statusCode() == 503);
            assertThat(serving.get(did).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void operation_rejectedUntilItsPrevCame_leavesOnlyTheRejectionsThatHold() {
        SignedLog log = SignedLog.of(11, 60);
        List<LogLine> lines = shifted(log.valid());
        LogLine update = lines.stream().filter(line -> line.operation().path("prev").isTextual()).findFirst().orElseThrow();
        LogLine genesis = lines.stream().filter(line -> line.did().equals(update.did())).findFirst().orElseThrow();
        List<LogLine> first = new ArrayList<>(lines);
        first.remove(genesis);
        // Another operation that claims to be this one stays rejected.
        first.add(new LogLine(9_999, update.did(), update.cid(), update.createdAt(), lines.get(0).operation()));
        try (FakeUpstream upstream = new FakeUpstream(first).with(FakeUpstream.Cursors.TIMESTAMP_ONLY);
                MirrorRun run = MirrorRun.start(database, upstream, PAGES_OF_100)) {
            String rejections = "select coalesce(string_agg(reason, ',' order by reason), '') from rejected_operations where did = '"
                    + update.did() + "'";
            await().atMost(Duration.ofSeconds(20)).until(() -> database.ask(rejections).contains("UNKNOWN_DID"));
            assertThat(database.ask(rejections)).startsWith("CID_MISMATCH,");
            upstream.append(List.of(genesis));
            run.awaitStored(lines.size());
            assertHolds(lines);
            assertThat(database.ask(rejections)).isEqualTo("CID_MISMATCH");
            assertThat(run.metric("atmirror_plc_storage_failures_total", "")).isZero();
        }
    }

    @Test
    void stage_switchedOff_isNotStarted() {
        SignedLog log = SignedLog.of(6, 50);
        try (FakeUpstream upstream = new FakeUpstream(log.lines());
                MirrorRun run = MirrorRun.start(database, upstream, "atmirror.routes.plc-logs.enabled", "false")) {
            assertThat(run.mirror().camel().getRouteController().getRouteStatus("plc-logs").isStopped()).isTrue();
            assertThat(run.mirror().camel().getRouteController().getRouteStatus("plc-store").isStarted()).isTrue();
            await().during(Duration.ofSeconds(2))
                    .until(() -> upstream.queries().isEmpty() && upstream.streamsOpened() == 0);
        }
    }

    @Test
    void run_thatOutlastsItsSchedule_isNotStartedTwice() {
        SignedLog log = SignedLog.of(7, 200);
        // Eight requests of 400 ms under a schedule of one second.
        try (FakeUpstream upstream = new FakeUpstream(log.lines()).withoutStream().slowedBy(400);
                MirrorRun run = MirrorRun.start(database, upstream, "atmirror.plc.page-size", "25")) {
            run.awaitStored(200);
            assertThat(upstream.mostAtOnce()).isEqualTo(1);
            assertThat(upstream.queries().stream().limit(8)).doesNotHaveDuplicates();
            assertHolds(log.lines());
        }
    }

    @Test
    void close_whileStreaming_isQuick() {
        SignedLog log = SignedLog.of(8, 50);
        try (FakeUpstream upstream = new FakeUpstream(log.lines())) {
            MirrorRun run = MirrorRun.start(database, upstream);
            run.awaitStored(50).awaitStreaming();
            Instant before = Instant.now();
            run.close();
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(15));
        }
    }
}
