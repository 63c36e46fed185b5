package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;

/** {@code routes/snapshot-restore.camel.yaml} */
class SnapshotRestoreRouteTest {
    private static final List<String> WAYS =
            List.of(
                    "let-whole-tables-in",
                    "take-over-what-is-newer",
                    "take-over-what-is-empty-or-older",
                    "go-through-the-log-of-a-dump",
                    "read-by-pages");

    private final RestoreSteps steps = new RestoreSteps();

    private RouteUnderTest route() throws Exception {
        return RouteUnderTest.of("snapshot-restore", WAYS.toArray(String[]::new)).with(steps, "snapshotRestores").start();
    }

    @ParameterizedTest
    @CsvSource({
        "tables, let-whole-tables-in",
        "rows,   take-over-what-is-newer",
        "seed,   take-over-what-is-empty-or-older",
        "aside,  go-through-the-log-of-a-dump",
        "pages,  read-by-pages"
    })
    void file_ofAKind_goesItsOneWay(String way, String step) throws Exception {
        steps.way = way;
        try (RouteUnderTest route = route()) {
            assertThat(route.send("").isFailed()).isFalse();
            assertThat(route.passed()).containsExactly(step);
            assertThat(steps.calls()).containsExactly("open");
        }
    }

    @Test
    void file_thatCannotBeOpened_isSaidToTheCaller() throws Exception {
        steps.failing = "open";
        try (RouteUnderTest route = route()) {
            Exchange sent = route.send("");
            assertThat(sent.getException()).hasMessage("no open");
            assertThat(steps.calls()).containsExactly("open", "failed");
            assertThat(route.passed()).isEmpty();
        }
    }
}
