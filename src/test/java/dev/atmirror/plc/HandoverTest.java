package dev.atmirror.plc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private static final Instant T0 = Instant.parse("2025-01-01T00:00:00Z");
    private final List<ExportedOperation> upstream = new ArrayList<>();
    private final Handover handover = new Handover("plc.test", seq -> upstream.stream()
            .filter(operation -> operation.seq() > seq)
            .findFirst());

    /** The nth, a minute after the one before. @param seq in this file */
    private static ExportedOperation operation(int n, long seq) {
        return new ExportedOperation("did:plc:" + n, "cid" + n, T0.plusSeconds(60L * n), seq, MissingNode.getInstance());
    }

    /** The upstream has given those the numbers 10, 20, 30… */
    private void upstreamOf(int count) {
        for (int n = 1; n <= count; n++) {
            upstream.add(operation(n, 10L * n));
        }
    }

    private static Coverage file(int from, int to, int step) {
        Coverage coverage = new Coverage();
        for (int n = from; n <= to; n++) {
            coverage.add(List.of(operation(n, (long) n * step)));
        }
        return coverage;
    }

    private static Optional<Position> at(Position.Kind kind, long seq, int n) {
        return Optional.of(new Position(kind, seq, T0.plusSeconds(60L * n)));
    }

    private Optional<Position> decided(Optional<Position> present, Coverage file, boolean whole) {
        return handover.decide(present, file, whole).position();
    }

    @Test
    void decide_numbersOfTheUpstream_goOnByThem() {
        upstreamOf(20);
        assertThat(decided(Optional.empty(), file(1, 20, 10), false)).isEqualTo(at(Position.Kind.SEQ, 200, 20));
        assertThat(decided(at(Position.Kind.SEQ, 100, 10), file(11, 20, 10), false)).isEqualTo(at(Position.Kind.SEQ, 200, 20));
        assertThat(decided(at(Position.Kind.TIME, 0, 15), file(2, 20, 10), false)).isEqualTo(at(Position.Kind.SEQ, 200, 20));
    }

    @Test
    void decide_numbersOfAnotherMirror_goOnByTime() {
        upstreamOf(20);
        assertThat(decided(Optional.empty(), file(1, 20, 1), false)).isEqualTo(at(Position.Kind.TIME, 0, 20));
        assertThat(decided(at(Position.Kind.SEQ, 100, 10), file(5, 20, 1), false)).isEqualTo(at(Position.Kind.TIME, 100, 20));
    }

    @Test
    void decide_aGap_stays() {
        upstreamOf(20);
        assertThat(decided(at(Position.Kind.SEQ, 100, 10), file(12, 20, 10), false)).isEmpty();
        assertThat(decided(at(Position.Kind.TIME, 0, 10), file(12, 20, 0), false)).isEmpty();
        assertThat(decided(Optional.empty(), file(2, 20, 10), false)).isEmpty();
        assertThat(handover.isJoined(at(Position.Kind.SEQ, 100, 10), operation(12, 120))).isFalse();
        assertThat(handover.isJoined(at(Position.Kind.SEQ, 100, 10), operation(11, 110))).isTrue();
    }

    @Test
    void decide_noAnswer_stays() {
        assertThat(decided(Optional.empty(), file(1, 20, 10), false)).isEmpty();
        assertThat(handover.decide(Optional.empty(), file(1, 20, 10), false).why()).contains("plc.test is read from the beginning");
    }

    @Test
    void decide_aWholeLog_needsNoAnswer() {
        assertThat(decided(Optional.empty(), file(1, 20, 0), true)).isEqualTo(at(Position.Kind.TIME, 0, 20));
        assertThat(decided(at(Position.Kind.UNKNOWN, 0, 0), file(1, 20, 0), true)).isEqualTo(at(Position.Kind.TIME, 0, 20));
        assertThat(decided(at(Position.Kind.SEQ, 90, 5), file(1, 20, 0), true)).isEqualTo(at(Position.Kind.TIME, 90, 20));
    }

    @Test
    void decide_aCursorBehindTheFile_stays() {
        upstreamOf(40);
        assertThat(decided(at(Position.Kind.SEQ, 300, 30), file(1, 20, 10), false)).isEmpty();
        assertThat(decided(at(Position.Kind.SEQ, 300, 30), file(1, 20, 0), true)).isEmpty();
        assertThat(decided(at(Position.Kind.TIME, 0, 30), file(1, 20, 0), true)).isEmpty();
    }

    @Test
    void decide_linesOutOfOrder_stays() {
        upstreamOf(20);
        Coverage scrambled = file(1, 20, 0);
        scrambled.add(List.of(operation(3, 0)));
        assertThat(decided(Optional.empty(), scrambled, false)).isEmpty();
    }

    @Test
    void decide_anEmptyFile_stays() {
        assertThat(decided(Optional.empty(), new Coverage(), true)).isEmpty();
    }
}
