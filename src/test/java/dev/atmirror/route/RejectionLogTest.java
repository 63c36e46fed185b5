package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.Rejection;
import dev.atmirror.plc.VerifiedPage;
import dev.atmirror.testkit.LoggedLines;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Issue 12, C20. */
class RejectionLogTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final RejectionLog log = new RejectionLog((InstantSource) () -> now);

    private void reject(int times, Rejection reason) {
        VerifiedPage.Rejected one = new VerifiedPage.Rejected(
                new ExportedOperation("did:plc:x\n\u001b[2J", "bafy", Instant.EPOCH, 0, NullNode.getInstance()), reason);
        log.stored(Collections.nCopies(times, one));
    }

    @Test
    void stored_manyRejections_namesTheFirstAndSumsUpTheRest() {
        try (LoggedLines lines = new LoggedLines(RejectionLog.class.getName())) {
            reject(7, Rejection.INVALID_SIGNATURE);
            reject(100, Rejection.TIME_ORDER);
            reject(20, Rejection.INVALID_SIGNATURE);
            assertThat(lines.lines()).hasSize(10).first().isEqualTo("WARNING plc-logs: operation bafy of did:plc:x??[2J is rejected"
                    + " (INVALID_SIGNATURE: no allowed rotation key made the signature); it is kept in rejected_operations");
            now = now.plus(Duration.ofMinutes(6));
            log.stored(List.of());
            assertThat(lines.lines()).hasSize(11).last().isEqualTo("WARNING plc-logs: 117 more operations were rejected since"
                    + " 2026-01-01T00:00:00Z and are kept in rejected_operations: TIME_ORDER 97, INVALID_SIGNATURE 20");
        }
    }

    @Test
    void stored_afterAWhileWithoutAny_namesThemAgain() {
        reject(30, Rejection.TIME_ORDER);
        for (int i = 0; i < 2; i++) {
            now = now.plus(Duration.ofMinutes(6));
            log.stored(List.of());
        }
        try (LoggedLines lines = new LoggedLines(RejectionLog.class.getName())) {
            reject(3, Rejection.TIME_ORDER);
            log.end();
            assertThat(lines.lines()).hasSize(3);
        }
    }

    @Test
    void end_unnamedRejections_areSummedUp() {
        reject(10, Rejection.TIME_ORDER);
        try (LoggedLines lines = new LoggedLines(RejectionLog.class.getName())) {
            reject(2, Rejection.TIME_ORDER);
            log.end();
            assertThat(lines.messages().toString()).contains("2 more operations were rejected");
        }
    }
}
