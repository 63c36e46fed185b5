package dev.atmirror.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.LoggedLines;
import dev.atmirror.testkit.TestDatabase;
import org.junit.jupiter.api.Test;

class WriterLeaseIT {
    /** Issue 12, C20. */
    @Test
    void isHeld_afterTheOtherStopped_saysWhoWritesNow() {
        TestDatabase database = TestDatabase.create();
        try (WriterLease one = new WriterLease(database.source());
                WriterLease other = new WriterLease(database.source());
                LoggedLines lines = new LoggedLines(WriterLease.class.getName())) {
            assertThat(one.isHeld()).isTrue();
            assertThat(lines.lines()).as("the only one needs no words").isEmpty();
            assertThat(other.isHeld()).isFalse();
            assertThat(other.isHeld()).isFalse();
            one.close();
            assertThat(other.isHeld()).isTrue();
            assertThat(other.isHeld()).isTrue();
            assertThat(lines.messages()).containsExactly(
                    "another process writes the log; waiting until it stops",
                    "the other process has stopped; this process is the writer of the log now");
        }
    }
}
