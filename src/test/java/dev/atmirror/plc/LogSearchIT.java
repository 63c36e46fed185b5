package dev.atmirror.plc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.Fault;
import dev.atmirror.testkit.LogLine;
import dev.atmirror.testkit.SignedLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Numbers sought in the log of an upstream that does not tell them. */
class LogSearchIT {
    private static final int OPERATIONS = 30_000;
    private static final int GAP = 3; // between two numbers
    private static final Instant BEGIN = Instant.parse("2024-01-01T00:00:00Z");
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    private final FakeUpstream upstream = new FakeUpstream(minuteByMinute());
    private final PlcSettings settings =
            new PlcSettings(URI.create(upstream.url()), true, 1000, OVERLAP, OVERLAP, 1, "test");
    private final LogSearch search = new LogSearch(settings);

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static List<LogLine> minuteByMinute() {
        LogLine line = SignedLog.of(1, 1).lines().get(0);
        List<LogLine> lines = new ArrayList<>();
        for (int i = 1; i <= OPERATIONS; i++) {
            lines.add(line.numbered((long) i * GAP).at(BEGIN.plus(Duration.ofMinutes(i))));
        }
        return lines;
    }

    @Test
    void estimateEnd_ofASequencedLog_isNeverShortAndHardlyMore() {
        long end = (long) OPERATIONS * GAP;
        for (long from : List.of(0L, 12_345L, end - 10, end)) {
            assertThat(search.estimateEnd(from).orElseThrow()).as("from " + from).isBetween(end, end + 1000);
        }
        assertThat(upstream.queries()).hasSizeLessThan(80).allMatch(query -> query.startsWith("count=1&after="));
    }

    @Test
    void estimateEnd_ofALogWithoutNumbers_isNone() {
        upstream.with(FakeUpstream.Cursors.TIMESTAMP_ONLY);
        assertThat(search.estimateEnd(0)).isEmpty();
        upstream.with(FakeUpstream.Cursors.SEQUENCE)
                .misbehave(Fault.lines(lines -> minuteByMinute().stream().limit(1).map(LogLine::legacy).toList()));
        assertThat(search.estimateEnd(0)).as("an integer taken for a year").isEmpty();
    }

    @Test
    void estimateEnd_ofAnUpstreamThatFails_isNone() {
        upstream.misbehave(Fault.status(500));
        assertThat(search.estimateEnd(0)).isEmpty();
        upstream.misbehave(Fault.none(), Fault.html("text/html"));
        assertThat(search.estimateEnd(0)).isEmpty();
    }

    @Test
    void findBefore_aTime_isShortOfItByAPageAtMost() {
        for (int minute : List.of(1, 500, 12_345, OPERATIONS, 2 * OPERATIONS)) {
            long exact = (long) Math.min(minute - 1, OPERATIONS) * GAP;
            long found = search.findBefore(BEGIN.plus(Duration.ofMinutes(minute))).orElseThrow();
            assertThat(found).as("minute " + minute).isBetween(Math.max(0, exact - 1000), exact);
        }
        assertThat(search.findBefore(Instant.EPOCH)).hasValue(0);
    }

    @Test
    void findBefore_withoutNumbersOrOperations_isNone() {
        upstream.with(FakeUpstream.Cursors.TIMESTAMP_ONLY);
        assertThat(search.findBefore(BEGIN)).isEmpty();
        assertThat(upstream.queries()).hasSize(1);
        upstream.with(FakeUpstream.Cursors.SEQUENCE).replace(List.of());
        assertThat(search.findBefore(BEGIN)).as("an empty log shows no numbers").isEmpty();
    }

    @Test
    void look_atAnUpstreamReadByTime_asksOnceAnHourUntilItHasNumbers() {
        Instant[] now = {BEGIN.plus(Duration.ofMinutes(OPERATIONS))};
        PlcMetrics metrics = new PlcMetrics(new SimpleMeterRegistry());
        LogCursor cursor = new LogCursor(settings, new HeldLogs(), metrics, () -> now[0]);
        cursor.startFrom(new Position(Position.Kind.TIME, 0, now[0]));
        cursor.startRun();
        NumbersLookout lookout = new NumbersLookout(cursor, search, settings, () -> now[0]);
        upstream.with(FakeUpstream.Cursors.TIMESTAMP_ONLY);
        lookout.look();
        lookout.look();
        assertThat(upstream.queries()).hasSize(1);
        upstream.with(FakeUpstream.Cursors.SEQUENCE);
        now[0] = now[0].plus(Duration.ofHours(1));
        lookout.look();
        Position position = cursor.standing().position();
        assertThat(position.kind()).isEqualTo(Position.Kind.SEQ);
        long anHourBack = (OPERATIONS - 62L) * GAP;
        assertThat(position.seq()).isBetween(anHourBack - 1000, anHourBack);
        int asked = upstream.queries().size();
        now[0] = now[0].plus(Duration.ofHours(1));
        lookout.look();
        assertThat(upstream.queries()).as("asked no more").hasSize(asked);
    }
}
