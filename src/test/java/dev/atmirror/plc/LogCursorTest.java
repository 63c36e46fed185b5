package dev.atmirror.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atmirror.testkit.LogLine;
import dev.atmirror.testkit.SignedLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class LogCursorTest {
    private static final Duration OVERLAP = Duration.ofMinutes(2);
    private static final int PAGE = 4;
    private static final LogLine LINE = SignedLog.of(1, 1).lines().get(0);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Optional<Position> stored = Optional.empty();
    private final LogCursor cursor = new LogCursor(
            new PlcSettings(URI.create("http://up.test"), true, PAGE, OVERLAP, OVERLAP, 1, "test"),
            new LogStore() {
                @Override
                public Optional<Position> position(String upstreamHost) {
                    return stored;
                }

                @Override
                public Numbers numbers() {
                    return new Numbers(0, 0);
                }

                @Override
                public Map<String, DidLog> logs(Collection<String> dids) {
                    return Map.of();
                }
            },
            new PlcMetrics(new SimpleMeterRegistry()),
            (InstantSource) () -> now);

    private PlcPage answer(String... lines) {
        return cursor.readPage(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    private static String seq(long number) {
        return LINE.numbered(number).sequenced();
    }

    private String legacy(Instant time) {
        return LINE.at(time).legacy();
    }

    private Instant asked() {
        return Instant.parse(cursor.nextQuery().replaceFirst(".*after=", ""));
    }

    /** Asks until the run ends. @return every line that was answered */
    private List<Instant> run(Function<Instant, List<Instant>> upstream) {
        cursor.startRun();
        List<Instant> read = new ArrayList<>();
        for (int i = 0; cursor.isBehind(); i++) {
            assertThat(i).as("requests of one run").isLessThan(500);
            List<Instant> page = upstream.apply(asked());
            read.addAll(page);
            stored = Optional.of(answer(page.stream().map(this::legacy).toArray(String[]::new)).next());
        }
        return read;
    }

    private static Function<Instant, List<Instant>> holding(List<Instant> log) {
        return after -> log.stream().filter(time -> time.isAfter(after)).sorted().limit(PAGE).toList();
    }

    @Test
    void nextQuery_beforeTheFirstPage_asksForSequenceNumbers() {
        cursor.startRun();
        assertThat(cursor.nextQuery()).isEqualTo("count=4&after=0");
    }

    @Test
    void readPage_sequenced_goesOnBehindTheLast() {
        cursor.startRun();
        cursor.nextQuery();
        answer(seq(1), seq(2), seq(7), seq(9));
        assertThat(cursor.nextQuery()).endsWith("after=9");
        assertThat(cursor.isBehind()).isTrue();
        assertThat(answer().caughtUp()).isTrue();
        assertThat(cursor.isBehind()).isFalse();
    }

    @Test
    void readPage_unknownTypesOnly_getsPastThem() {
        cursor.startRun();
        cursor.nextQuery();
        PlcPage page = answer("{\"type\":\"new_op\",\"seq\":5}", "{\"type\":\"new_op\",\"seq\":6}");
        assertThat(page.operations()).isEmpty();
        assertThat(page.unparsable()).isEmpty();
        assertThat(cursor.isBehind()).isTrue();
        assertThat(cursor.nextQuery()).endsWith("after=6");
    }

    @Test
    void readPage_brokenLastLine_goesOnBehindTheLastWholeOne() {
        cursor.startRun();
        cursor.nextQuery();
        assertThat(answer(seq(1), seq(2), seq(3).substring(0, 50)).operations()).hasSize(2);
        assertThat(cursor.isBehind()).isTrue();
        assertThat(cursor.nextQuery()).endsWith("after=2");
    }

    @Test
    void readPage_badLine_isAskedForAgainAndThenKept() {
        cursor.startRun();
        assertIsKeptAtTheFourthTime();
        assertThat(cursor.nextQuery()).endsWith("after=2");
    }

    /** Issue 12, E26: a page that is dropped keeps nothing, so the line was passed over unseen. */
    @Test
    void readPage_badLineOfAPageThatWasNotStored_isKeptWithTheNextOne() {
        cursor.startRun();
        assertIsKeptAtTheFourthTime();
        cursor.rewind(1);
        stored = Optional.of(new Position(Position.Kind.SEQ, 0, now));
        cursor.startRun();
        assertIsKeptAtTheFourthTime();
    }

    private void assertIsKeptAtTheFourthTime() {
        for (int i = 0; i < 3; i++) {
            cursor.nextQuery();
            assertThatThrownBy(() -> answer(seq(1), "{garbage}", seq(2))).isInstanceOf(UpstreamFailure.class);
        }
        cursor.nextQuery();
        PlcPage page = answer(seq(1), "{garbage}", seq(2));
        assertThat(page.operations()).hasSize(2);
        assertThat(page.unparsable()).extracting(UnreadableLine::text).containsExactly("{garbage}");
    }

    @Test
    void readPage_nothingButGarbage_neverCountsAsCaughtUp() {
        cursor.startRun();
        for (int i = 0; i < 10; i++) {
            cursor.nextQuery();
            assertThatThrownBy(() -> answer("{\"error\":\"maintenance\"}")).isInstanceOf(UpstreamFailure.class);
        }
        assertThat(cursor.isBehind()).isTrue();
    }

    @Test
    void readPage_askedBeforeAFailure_isOfNoEpoch() {
        cursor.startRun();
        cursor.nextQuery();
        cursor.rewind(1);
        assertThat(cursor.isCurrent(answer(seq(1)))).isFalse();
        cursor.nextQuery(); // a loop that checked just before the failure
        assertThat(cursor.isCurrent(answer(seq(1)))).isFalse();
        cursor.startRun();
        assertThat(cursor.nextQuery()).endsWith("after=0");
    }

    @Test
    void refused_sequenceNumbers_twice_goesOnByTime() {
        stored = Optional.of(new Position(Position.Kind.SEQ, 77, now));
        cursor.startRun();
        cursor.nextQuery();
        cursor.refused();
        assertThat(cursor.nextQuery()).as("one refusal may be a hiccup").endsWith("after=77");
        cursor.refused();
        assertThat(asked()).isEqualTo(now.minus(OVERLAP));
    }

    @Test
    void readPage_sequenceNumbersLost_dropsTheAnswerAndGoesOnByTime() {
        stored = Optional.of(new Position(Position.Kind.SEQ, 77, now));
        cursor.startRun();
        cursor.nextQuery();
        assertThat(answer(legacy(now.minusSeconds(9999))).operations()).isEmpty();
        assertThat(cursor.isBehind()).isTrue();
        assertThat(asked()).isEqualTo(now.minus(OVERLAP));
    }

    @Test
    void readPage_recentAndWithoutNumbers_isNotTheEndOfTheLog() {
        cursor.startRun();
        cursor.nextQuery();
        PlcPage dropped = answer(legacy(now.minusSeconds(60))); // a young log fits into the answer that is dropped
        assertThat(dropped.operations()).isEmpty();
        assertThat(dropped.caughtUp()).isFalse();
        assertThat(cursor.isBehind()).isTrue();
    }

    @Test
    void readPage_numbersInAnAnswerByTime_doNotMoveTheCursorToThem() {
        stored = Optional.of(new Position(Position.Kind.TIME, 0, now));
        cursor.startRun();
        asked();
        answer(LINE.at(now).numbered(1000).sequenced());
        // Ordered by time: an operation with a smaller number may be on the next page.
        assertThat(cursor.standing().position().kind()).isEqualTo(Position.Kind.TIME);
    }

    @Test
    void readByNumber_soughtBeforeAFailure_isRefused() {
        stored = Optional.of(new Position(Position.Kind.TIME, 0, now));
        cursor.startRun();
        cursor.rewind(1);
        cursor.startRun();
        assertThat(cursor.readByNumber(0, 500)).as("less may be stored than was read then").isFalse();
        assertThat(cursor.readByNumber(1, 500)).isTrue();
        assertThat(cursor.nextQuery()).endsWith("after=500");
        assertThat(cursor.readByNumber(1, 900)).as("by numbers already").isFalse();
    }

    @Test
    void run_millisecondAcrossPages_losesNothing() {
        Instant tie = now.minusSeconds(100);
        List<Instant> log = List.of(tie.minusMillis(5), tie.minusMillis(2), tie, tie, tie, tie.plusMillis(9));
        stored = Optional.of(new Position(Position.Kind.TIME, 0, Instant.EPOCH));
        List<Instant> read = run(holding(log));
        assertThat(read.stream().filter(tie::equals).count()).isGreaterThanOrEqualTo(3);
        assertThat(read).contains(tie.plusMillis(9));
    }

    @Test
    void run_pageFullOfOneMillisecond_isSteppedOver() {
        Instant tie = now.minusSeconds(10_000);
        List<Instant> log = List.of(tie, tie, tie, tie, tie.plusMillis(1), tie.plusSeconds(60));
        stored = Optional.of(new Position(Position.Kind.TIME, 0, Instant.EPOCH));
        assertThat(run(holding(log))).containsAll(log);
    }

    @Test
    void run_pageFullOfTimesFinerThanAQuestion_doesNotStall() {
        Instant tie = now.minusSeconds(10_000);
        List<Instant> log = new ArrayList<>();
        for (int i = 0; i < 3 * PAGE; i++) {
            log.add(tie.plusNanos(1000L * i)); // printed as one and the same millisecond
        }
        log.add(tie.plusSeconds(60));
        stored = Optional.of(new Position(Position.Kind.TIME, 0, Instant.EPOCH));
        assertThat(run(holding(log))).contains(tie.plusSeconds(60));
    }

    @Test
    void run_quietLog_readsTheOverlapAgainAndEnds() {
        List<Instant> log = List.of(now.minusSeconds(300), now.minusSeconds(200), now.minusSeconds(190));
        stored = Optional.of(new Position(Position.Kind.TIME, 0, Instant.EPOCH));
        run(holding(log));
        int again = run(holding(log)).size();
        assertThat(run(holding(log))).as("no run reads more than the one before").hasSizeLessThanOrEqualTo(again);
    }

    @Test
    void run_lateCommitWithinTheOverlap_isFoundByTheNext() {
        List<Instant> log = new ArrayList<>(List.of(now.minusSeconds(100), now.minusSeconds(10)));
        stored = Optional.of(new Position(Position.Kind.TIME, 0, Instant.EPOCH));
        run(holding(log));
        Instant late = now.minusSeconds(60);
        log.add(late);
        assertThat(run(holding(log))).contains(late);
    }

    @Test
    void run_longerThanTheOverlap_losesNoLateCommit() {
        List<Instant> log = new ArrayList<>();
        for (int i = 0; i < 5 * PAGE; i++) {
            log.add(now.minusSeconds(5L * PAGE - i));
        }
        Instant late = now.minusSeconds(5L * PAGE - 2).plusMillis(1);
        stored = Optional.of(new Position(Position.Kind.TIME, 0, Instant.EPOCH));
        List<Instant> read = run(after -> {
            List<Instant> page = holding(log).apply(after);
            if (!log.contains(late)) {
                log.add(late); // committed just after the page that covers it
            }
            // Each request takes a minute, as under a Retry-After, and the log goes on growing meanwhile.
            now = now.plusSeconds(60);
            log.add(now.minusSeconds(5));
            return page;
        });
        assertThat(read).doesNotContain(late);
        assertThat(run(holding(List.copyOf(log)))).contains(late);
    }

    private void store(PlcPage page) {
        cursor.stored(new VerifiedPage(page, List.of(), List.of(), 0));
    }

    private int follow() {
        cursor.startRun();
        cursor.nextQuery();
        store(answer(seq(1)));
        cursor.nextQuery();
        store(answer());
        return cursor.openStream().orElseThrow().epoch();
    }

    /** Issue 12, A7. */
    @Test
    void closeStream_afterLongStreaming_leavesTheMomentOfTheLastAnswer() {
        follow();
        now = now.plus(Duration.ofHours(1));
        cursor.polled();
        Instant silent = now;
        now = now.plusSeconds(1);
        cursor.closeStream();
        assertThat(cursor.standing().lastAtHead()).contains(silent);
    }

    /** Issue 12, A7. */
    @Test
    void standing_pagesThatAreNotStored_isNotAtTheHead() {
        Instant before = now;
        int epoch = follow();
        now = now.plus(Duration.ofHours(1));
        PlcPage page = cursor.readMessages(new StreamBatch(epoch, List.of(seq(2))));
        Instant read = now;
        now = now.plusSeconds(1);
        cursor.polled();
        assertThat(cursor.standing().lastAtHead()).contains(before);
        store(page);
        assertThat(cursor.standing().lastAtHead()).contains(read);
        cursor.polled();
        assertThat(cursor.standing().lastAtHead()).contains(now);
        cursor.readMessages(new StreamBatch(epoch, List.of(seq(3))));
        now = now.plusSeconds(1);
        cursor.rewind(epoch + 1);
        cursor.startRun();
        cursor.nextQuery();
        answer(seq(3));
        cursor.nextQuery();
        assertThat(answer().caughtUp()).isTrue();
        assertThat(cursor.standing().lastAtHead()).as("read but not stored").contains(now.minusSeconds(1));
    }

    @Test
    void openStream_thenFailure_readsNothingMoreFromIt() {
        cursor.startRun();
        cursor.nextQuery();
        answer(seq(1));
        cursor.nextQuery();
        answer();
        LogCursor.StreamStart start = cursor.openStream().orElseThrow();
        assertThat(start.seq()).isEqualTo(1);
        assertThat(cursor.readMessages(new StreamBatch(start.epoch(), List.of(seq(2)))).number()).isEqualTo(3);
        cursor.rewind(5);
        assertThat(cursor.isStreaming(start.epoch())).isFalse();
        assertThat(cursor.isCurrent(cursor.readMessages(new StreamBatch(start.epoch(), List.of(seq(3)))))).isFalse();
        assertThat(cursor.isCurrent(cursor.readMessages(new StreamBatch(5, List.of(seq(3)))))).isFalse();
    }

    @Test
    void readMessages_oddMessages_loseNoneOfTheirNeighbours() {
        cursor.startRun();
        cursor.nextQuery();
        answer(seq(1));
        cursor.nextQuery();
        answer();
        int epoch = cursor.openStream().orElseThrow().epoch();
        String pretty = seq(3).replace(",\"did\"", ",\n  \"did\"");
        PlcPage page = cursor.readMessages(
                new StreamBatch(epoch, List.of("<html>", seq(2), "", pretty, "{\"type\":\"new\",\"seq\":4}", "[]")));
        assertThat(page.operations()).extracting(ExportedOperation::seq).containsExactly(2L, 3L);
        assertThat(page.unparsable()).extracting(UnreadableLine::text).containsExactly("<html>", "[]");
        assertThat(page.unparsable()).extracting(UnreadableLine::seq).as("behind which they follow").containsExactly(1L, 4L);
        assertThat(page.next().seq()).isEqualTo(4);
    }

    @Test
    void startFrom_afterItsFirstPageIsStored_givesWayToTheStoredPosition() {
        stored = Optional.of(new Position(Position.Kind.SEQ, 500, now));
        cursor.startFrom(new Position(Position.Kind.SEQ, 10, now));
        cursor.startRun();
        assertThat(cursor.nextQuery()).endsWith("after=10");
        cursor.rewind(1);
        cursor.startRun();
        assertThat(cursor.nextQuery()).as("nothing is stored yet").endsWith("after=10");
        cursor.stored(new VerifiedPage(answer(seq(11)), List.of(), List.of(), 0));
        stored = Optional.of(new Position(Position.Kind.SEQ, 11, now));
        cursor.rewind(2);
        cursor.startRun();
        assertThat(cursor.nextQuery()).endsWith("after=11");
    }
}
