package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LogLine;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Lines that an upstream gives so that they cannot be read, for a while or for good (issue 12, E26). */
class UnreadableLinesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final SignedLog LOG = SignedLog.of(77, 400);
    private static final List<LogLine> LINES = LOG.lines();
    private static final UnaryOperator<String> CUT = line -> line.substring(0, 120);
    private static final String[] SOON = {"atmirror.plc.page-size", "100", "atmirror.plc.reread-after", "1s"};
    private static final String[] LATER = {"atmirror.plc.page-size", "100", "atmirror.plc.reread-after", "1h"};
    private static final String KEPT = "select count(*) from rejected_operations where reason = 'UNPARSABLE'";
    private static String content;
    private static String accounts;

    private final TestDatabase database = TestDatabase.create();

    @BeforeAll
    static void undisturbed() {
        TestDatabase whole = TestDatabase.create();
        try (FakeUpstream upstream = new FakeUpstream(LINES); MirrorRun run = MirrorRun.start(whole, upstream, SOON)) {
            run.awaitStored(LINES.size());
        }
        content = whole.content();
        accounts = whole.accounts();
    }

    /** A line in the middle that others of its account build on. */
    private static LogLine parent() {
        return find(line -> LINES.stream().anyMatch(other -> line.cid().equals(other.operation().path("prev").textValue())
                && !LOG.nullified().contains(line.cid())));
    }

    /** A line that a recovery undoes later, which is judged as an ordinary operation where the line is missing. */
    private static LogLine undone() {
        return find(line -> LOG.nullified().contains(line.cid()));
    }

    private static LogLine find(Predicate<LogLine> which) {
        return IntStream.range(20, LINES.size() - 20).mapToObj(LINES::get).filter(which).findFirst().orElseThrow();
    }

    private void awaitWhole() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(database.content()).isEqualTo(content);
            assertThat(database.number("select count(*) from rejected_operations")).isZero();
        });
        assertThat(database.accounts()).isEqualTo(accounts);
    }

    /** The upstream gives the lines well from now on, and their time to be asked for has come. */
    private void repair(FakeUpstream upstream, LogLine... lines) {
        upstream.repair(lines);
        database.run("update rejected_operations set retry_at = now() where retry_at is not null");
    }

    private Commands.Outcome command(String... arguments) {
        return Commands.run(Map.of("atmirror.postgres.url", database.url()), arguments);
    }

    @Test
    void line_thatStaysUnreadable_isKeptShownAndStopsNothing() throws Exception {
        LogLine bad = parent();
        try (FakeUpstream upstream = new FakeUpstream(LINES).damage(CUT, bad);
                MirrorRun run = MirrorRun.start(database, upstream, LATER)) {
            run.awaitCaughtUp();
            assertThat(database.number("select seq from sync_cursors where stage = 'plc-logs'"))
                    .isEqualTo(LINES.get(LINES.size() - 1).seq());
            assertThat(database.number(KEPT)).isEqualTo(1);
            assertThat(database.ask("select operation #>> '{}' from rejected_operations where reason = 'UNPARSABLE'"))
                    .isEqualTo(CUT.apply(bad.sequenced()));
            long before = LINES.get(LINES.indexOf(bad) - 1).seq();
            JsonNode status = Json.parse(command("status", "--json").out());
            assertThat(status.path("unreadableLines").intValue()).isEqualTo(1);
            assertThat(status.path("unreadable").path(0).path("seq").longValue()).isEqualTo(before);
            assertThat(command("status").out())
                    .contains("unreadable lines of the upstream: 1; `plc dismiss ID` gives one up")
                    .contains(" behind seq " + before + ", since ");
        }
    }

    @Test
    void line_thatReadsLater_isStoredWithAllThatBuildsOnIt() {
        LogLine bad = parent();
        try (FakeUpstream upstream = new FakeUpstream(LINES).withoutStream().damage(CUT, bad);
                MirrorRun run = MirrorRun.start(database, upstream, SOON)) {
            run.awaitCaughtUp();
            await().atMost(PATIENCE).until(() -> database.number("select max(times) from rejected_operations where reason = 'UNPARSABLE'") > 1);
            assertThat(database.number("select count(*) from rejected_operations where reason <> 'UNPARSABLE'")).isPositive();
            repair(upstream, bad);
            awaitWhole();
        }
    }

    @Test
    void line_thatReadsLaterAndWasUndone_isPutInItsPlace() {
        LogLine bad = undone();
        try (FakeUpstream upstream = new FakeUpstream(LINES).damage(CUT, bad);
                MirrorRun run = MirrorRun.start(database, upstream, SOON)) {
            run.awaitCaughtUp();
            assertThat(database.number(KEPT)).isEqualTo(1);
            repair(upstream, bad);
            awaitWhole();
            String log = "select string_agg(cid, ',' order by id) from plc_log_entries where did = '" + bad.did() + "'";
            assertThat(database.ask(log)).contains(bad.cid());
            run.awaitStreaming();
        }
    }

    @Test
    void lines_sideBySideAndAtSeveralPlaces_areAllReadLater() { // one of them begins a page
        int at = LINES.indexOf(parent());
        LogLine[] bad = {LINES.get(at), LINES.get(at + 1), LINES.get(at + 2), LINES.get(350)};
        try (FakeUpstream upstream = new FakeUpstream(LINES).withoutStream().damage(line -> "<html>", bad);
                MirrorRun run = MirrorRun.start(database, upstream, SOON)) {
            run.awaitCaughtUp();
            repair(upstream, bad);
            awaitWhole();
        }
    }

    @Test
    void message_ofTheStream_isReadLaterByPages() {
        LogLine bad = LINES.get(390);
        try (FakeUpstream upstream = new FakeUpstream(LINES.subList(0, 380)).damage(CUT, bad);
                MirrorRun run = MirrorRun.start(database, upstream, SOON)) {
            run.awaitStreaming();
            upstream.append(LINES.subList(380, LINES.size()));
            await().atMost(PATIENCE).until(() -> database.number(KEPT) == 1);
            repair(upstream, bad);
            awaitWhole();
        }
    }

    @Test
    void lastLine_ofTheLog_doesNotKeepTheMirrorFromCatchingUp() {
        LogLine bad = LINES.get(LINES.size() - 1);
        try (FakeUpstream upstream = new FakeUpstream(LINES).withoutStream().damage(CUT, bad);
                MirrorRun run = MirrorRun.start(database, upstream, SOON)) {
            run.awaitCaughtUp();
            await().atMost(PATIENCE).until(() -> database.number(KEPT) == 1);
            repair(upstream, bad);
            awaitWhole();
        }
    }

    @Test
    void line_ofAnUpstreamReadByTime_isReadLater() {
        LogLine bad = parent();
        try (FakeUpstream upstream = new FakeUpstream(LINES).with(FakeUpstream.Cursors.TIMESTAMP_ONLY).damage(CUT, bad);
                MirrorRun run = MirrorRun.start(database, upstream, SOON)) {
            run.awaitCaughtUp();
            await().atMost(PATIENCE).until(() -> database.number(KEPT) >= 1);
            repair(upstream, bad);
            awaitWhole();
        }
    }

    @Test
    void line_thatIsDismissed_isAskedForNoMore() {
        LogLine bad = parent();
        try (FakeUpstream upstream = new FakeUpstream(LINES).withoutStream().damage(CUT, bad)) {
            try (MirrorRun run = MirrorRun.start(database, upstream, LATER)) {
                run.awaitCaughtUp();
            }
            String id = database.ask("select id from rejected_operations where reason = 'UNPARSABLE'");
            assertThat(command("plc", "dismiss").code()).isEqualTo(2);
            Commands.Outcome unknown = command("plc", "dismiss", "999");
            assertThat(unknown.code()).isEqualTo(1);
            assertThat(unknown.err()).contains("no unreadable line has the ID 999");
            Commands.Outcome dismissed = command("plc", "dismiss", id);
            assertThat(dismissed.code()).as(dismissed.err()).isZero();
            assertThat(dismissed.out()).contains("1 line dismissed");
            assertThat(command("status").out()).doesNotContain("unreadable lines");
            assertThat(database.number(KEPT)).as("it stays").isEqualTo(1);
            int asked = upstream.queries().size();
            try (MirrorRun run = MirrorRun.start(database, upstream, SOON)) {
                run.awaitAnotherPoll();
            }
            assertThat(upstream.queries().subList(asked, upstream.queries().size()))
                    .allMatch(query -> query.endsWith("after=" + LINES.get(LINES.size() - 1).seq()));
        }
    }

    /** The line that was given up still stands before the other one. */
    @Test
    void line_besideOneThatIsDismissed_isReadLater() {
        LogLine given = find(line -> !LINES.get(LINES.indexOf(line) + 1).did().equals(line.did()));
        LogLine bad = LINES.get(LINES.indexOf(given) + 1);
        try (FakeUpstream upstream = new FakeUpstream(LINES).withoutStream().damage(CUT, given, bad)) {
            try (MirrorRun run = MirrorRun.start(database, upstream, LATER)) {
                run.awaitCaughtUp();
            }
            assertThat(database.number(KEPT)).isEqualTo(2);
            String first = database.ask("select min(id) from rejected_operations where reason = 'UNPARSABLE'");
            assertThat(command("plc", "dismiss", first).code()).isZero();
            repair(upstream, bad);
            try (MirrorRun run = MirrorRun.start(database, upstream, SOON)) {
                await().atMost(PATIENCE).until(() -> database.number("select count(*) from plc_log_entries where cid = '" + bad.cid() + "'") == 1);
                await().atMost(PATIENCE).until(() -> database.number(KEPT) == 1);
            }
            assertThat(database.ask("select id from rejected_operations where reason = 'UNPARSABLE'")).as("it stays").isEqualTo(first);
        }
    }
}
