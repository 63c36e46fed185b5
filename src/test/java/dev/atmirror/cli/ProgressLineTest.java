package dev.atmirror.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.snapshot.DumpProgress;
import dev.atmirror.snapshot.RestoreProgress;
import dev.atmirror.testkit.LoggedLines;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Progress bars of all commands, as they are drawn (issue 12, C18). */
class ProgressLineTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-04T05:06:07Z"));

    private static final ProgressLine LINE = new ProgressLine(
            "plc.directory", OptionalDouble.of(0.425), List.of("1,234,567 operations", "3 min left", "20,000/s", "at 2024-05-06"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "100 | plc.directory  42 % [#] 1,234,567 operations, 3 min left, 20,000/s, at 2024-05-06",
        "80  | plc.directory  42 % [#] 1,234,567 operations, 3 min left, 20,000/s",
        "70  | plc.directory  42 % [#] 1,234,567 operations, 3 min left",
        "60  | plc.directory  42 % 1,234,567 operations, 3 min left",
        "40  | plc.directory  42 % 1,234,567 operations",
        "39  | plc.directory  42 %",
        "19  | plc.directory  42 %",
        "10  | plc.direct",
    })
    void fit_whateverTheWidth_leavesOutWhatIsLeastImportant(int width, String expected) {
        assertThat(LINE.fit(width).strip().replaceAll("\\[[\u2588=]+ +]", "[#]")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 120, 80, 79, 60, 40, 20, 10, 5, 1, 0})
    void fit_whateverTheWidth_isNeverLongerAndCoversTheLineBefore(int width) {
        for (OptionalDouble share : List.of(OptionalDouble.empty(), OptionalDouble.of(0), OptionalDouble.of(0.5), OptionalDouble.of(1))) {
            for (int facts = 0; facts <= LINE.facts().size(); facts++) {
                assertThat(new ProgressLine("plc.directory", share, LINE.facts().subList(0, facts)).fit(width))
                        .hasSize(Math.min(width, 120));
            }
        }
    }

    @Test
    void share_ofWhatIsNotFinished_isNever100() {
        assertThat(ProgressLine.unfinished(1.0)).hasValue(0.99);
        assertThat(ProgressLine.unfinished(1000, 1)).hasValue(0.99);
        assertThat(ProgressLine.unfinished(50, 50)).hasValue(0.5);
        assertThat(ProgressLine.unfinished(-1)).isEmpty();
        assertThat(ProgressLine.unfinished(7, 0)).isEmpty();
    }

    /** Accounts are counted when their hosts are known: what was 100 % until then went back to 5 %. */
    @Test
    void crawl_beforeAnythingIsCounted_hasNoShare() {
        try (CrawlProgressLog log = new CrawlProgressLog(now::get, nothing(), "describe-repo")) {
            List<String> percents = new ArrayList<>();
            for (Program.CrawlProgress look : List.of(
                    crawl(0, OptionalLong.empty()),
                    crawl(10, OptionalLong.empty()),
                    crawl(10, OptionalLong.of(0)),
                    crawl(50, OptionalLong.of(950)),
                    crawl(900, OptionalLong.of(100)),
                    crawl(1000, OptionalLong.of(0)))) {
                pass(10);
                percents.add(log.drawn(look).fit(120).replaceAll(".* (\\d+) %.*|.*", "$1"));
            }
            assertThat(percents).containsExactly("", "", "", "5", "90", "");
        }
    }

    @Test
    void crawl_drawn_keepsHostsApartFromTheRate() {
        try (CrawlProgressLog log = new CrawlProgressLog(now::get, nothing(), "pds-accounts")) {
            log.drawn(crawl(0, OptionalLong.of(1000)));
            pass(10);
            assertThat(log.drawn(crawl(200, OptionalLong.of(800))).facts())
                    .containsExactly("200 gone through", "40 s left", "20/s", "3 hosts being asked, 4 to go");
        }
    }

    /** Issue 12, C20: a run that was stopped said that nothing was due any more. */
    @Test
    void crawl_interrupted_saysHowFarItCameAndNotThatNothingIsDue() throws InterruptedException {
        AtomicReference<Program.CrawlProgress> progress = new AtomicReference<>(crawl(70, OptionalLong.of(30)));
        Program.Crawling crawling = new Program.Crawling() {
            @Override
            public Program.CrawlProgress progress() {
                return progress.get();
            }

            @Override
            public void close() {
                progress.set(new Program.CrawlProgress(75, OptionalLong.empty(), 0, 0, true));
            }
        };
        try (LoggedLines said = new LoggedLines(CrawlProgressLog.class.getName());
                CrawlProgressLog log = new CrawlProgressLog(now::get, crawling, "describe-repo")) {
            pass(20);
            log.interrupt();
            log.untilDone();
            assertThat(said.messages())
                    .containsExactly("describe-repo: interrupted; 75 gone through in 20 s; the next start goes on with what is still due");
        }
    }

    @Test
    void dump_drawn_fitsEightyColumnsWithAllThatMatters() {
        DumpProgress dump = new DumpProgress("plc_log_entries-raw", 1, 2, 500_000_000, 0.5);
        try (DumpProgressLog log = new DumpProgressLog(now::get, () -> dump)) {
            pass(10);
            assertThat(log.drawn(dump).fit(80).strip())
                    .hasSizeLessThanOrEqualTo(80)
                    .startsWith("snapshot  50 %")
                    .contains("500.0 MB, 10 s left, 50.0 MB/s");
        }
    }

    @Test
    void restore_drawn_saysWhatItsStepCounts() {
        try (RestoreProgressLog log = new RestoreProgressLog(now::get, Optional::empty)) {
            pass(10);
            assertThat(log.drawn(new RestoreProgress("verifying", 5_000, "operations", 0.25)).facts())
                    .containsExactly("5,000 operations", "30 s left", "500/s");
            assertThat(log.drawn(new RestoreProgress("loading", 5_000_000, "bytes", -1)))
                    .isEqualTo(new ProgressLine("loading", OptionalDouble.empty(), List.of("5.0 MB", "0.5 MB/s")));
            assertThat(log.drawn(new RestoreProgress("committing", 0, "", -1)).fit(30).strip()).isEqualTo("committing");
            assertThat(log.line(new RestoreProgress("verifying", 5_000, "operations", 1))).contains(", 99 %");
        }
    }

    private static Program.CrawlProgress crawl(long done, OptionalLong left) {
        return new Program.CrawlProgress(done, left, 3, 4, false);
    }

    private static Program.Crawling nothing() {
        return new Program.Crawling() {
            @Override
            public Program.CrawlProgress progress() {
                return crawl(0, OptionalLong.empty());
            }

            @Override
            public void close() {
                // nothing runs
            }
        };
    }

    private void pass(long seconds) {
        now.updateAndGet(at -> at.plus(Duration.ofSeconds(seconds)));
    }
}
