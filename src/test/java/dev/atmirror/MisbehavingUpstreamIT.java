package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.FakeUpstream.StreamEnd;
import dev.atmirror.testkit.Fault;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the upstream does, the mirror ends up as after an undisturbed run, and a metric tells of it. */
class MisbehavingUpstreamIT {
    private static final SignedLog LOG = SignedLog.of(20, 500, 10);
    private static final int BEFORE_THE_STREAM = 300;
    private static final String FAILURES = "atmirror_plc_upstream_failures_total";
    private static final String SKIPPED = "atmirror_plc_lines_skipped_total";
    private static final String[] SETTINGS = {"atmirror.plc.page-size", "100", "atmirror.plc.timeout-millis", "1500"};
    private static String content;
    private static String accounts;

    @BeforeAll
    static void undisturbed() {
        TestDatabase database = TestDatabase.create();
        try (FakeUpstream upstream = new FakeUpstream(LOG.lines());
                MirrorRun run = MirrorRun.start(database, upstream, SETTINGS)) {
            run.awaitStored(LOG.valid().size());
        }
        content = database.content();
        accounts = database.accounts();
        assertThat(content).startsWith(LOG.valid().size() + " operations");
    }

    static Stream<Arguments> faults() {
        Fault garbage = Fault.lineInTheMiddle("<<<not json>>>");
        return Stream.of(
                fault("500 and 502", FAILURES, "kind=\"status_5xx\"", Fault.status(500), Fault.status(502)),
                fault("429 with Retry-After", FAILURES, "kind=\"status_429\"", Fault.status(429, "Retry-After", "1")),
                fault("one 400", FAILURES, "kind=\"status_other\"", Fault.status(400)),
                fault("cut in the middle", FAILURES, "kind=\"connection\"", Fault.cutInTheMiddle()),
                fault("truncated last line", SKIPPED, "kind=\"cut\"", Fault.truncatedLastLine()),
                fault("HTML", FAILURES, "kind=\"html\"", Fault.html("text/html; charset=utf-8")),
                fault("HTML that claims to be JSON", FAILURES, "kind=\"html\"", Fault.html("application/jsonlines")),
                fault("an error as JSON with 200", FAILURES, "kind=\"unparsable\"", Fault.json("{\"error\":\"Down\"}")),
                fault("blank lines", SKIPPED, "kind=\"blank\"", Fault.blankLines()),
                fault("duplicate lines", "atmirror_plc_operations_duplicate_total", "", Fault.duplicateLines()),
                fault("unknown types", SKIPPED, "kind=\"unknown_type\"",
                        Fault.lineInTheMiddle("{\"type\":\"label_op\",\"seq\":1}")),
                fault("garbage once", FAILURES, "kind=\"unparsable\"", garbage),
                fault("garbage for good", SKIPPED, "kind=\"unparsable\"", garbage, garbage, garbage, garbage),
                fault("an endless body", FAILURES, "kind=\"too_large\"", Fault.endless()),
                fault("a stall", FAILURES, "kind=\"connection\"", Fault.stall()));
    }

    private static Arguments fault(String name, String metric, String labels, Fault... faults) {
        return arguments(named(name, faults), metric, labels);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void pages_badAnswers_areSurvivedAndCounted(Fault[] faults, String metric, String labels) {
        TestDatabase database = TestDatabase.create();
        try (FakeUpstream upstream = new FakeUpstream(LOG.lines()).misbehave(Fault.none()).misbehave(faults);
                MirrorRun run = MirrorRun.start(database, upstream, SETTINGS)) {
            run.awaitStored(LOG.valid().size());
            assertThat(database.content()).isEqualTo(content);
            assertThat(database.accounts()).isEqualTo(accounts);
            assertThat(upstream.faultsLeft()).isZero();
            assertThat(run.metric(metric, labels)).as(run.mirror().metricsText()).isPositive();
            assertThat(run.metric("atmirror_plc_storage_failures_total", "")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OutdatedCursor, OutdatedCursor", "FutureCursor, FutureCursor", "ConsumerTooSlow, ConsumerTooSlow", "'', closed"
    })
    void stream_thatEnds_isTakenOverByThePages(String reason, String counted) {
        TestDatabase database = TestDatabase.create();
        try (FakeUpstream upstream = new FakeUpstream(LOG.lines().subList(0, BEFORE_THE_STREAM))
                        .endStreams(new StreamEnd(50, reason));
                MirrorRun run = MirrorRun.start(database, upstream, SETTINGS)) {
            run.awaitStreaming();
            upstream.append(LOG.lines().subList(BEFORE_THE_STREAM, LOG.lines().size()));
            run.awaitStored(LOG.valid().size());
            assertThat(database.content()).isEqualTo(content);
            assertThat(database.accounts()).isEqualTo(accounts);
            assertThat(run.metric("atmirror_plc_stream_closed_total", "reason=\"" + counted + "\"")).isEqualTo(1);
        }
    }
}
