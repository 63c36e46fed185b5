package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code db status|reset|clear} on a database that a mirror has filled, where nobody can be asked. */
class DbCommandIT {
    private final SignedLog log = SignedLog.of(62, 100, 50);
    private final TestDatabase database = TestDatabase.create();

    private Commands.Outcome db(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "db";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Commands.run(Map.of("atmirror.postgres.url", database.url()), all);
    }

    private void fill() {
        try (FakeUpstream upstream = new FakeUpstream(log.lines());
                MirrorRun run = MirrorRun.start(database, upstream)) {
            run.awaitStored(log.valid().size());
        }
        assertThat(rejected()).isEqualTo(log.invalid()).isPositive();
    }

    private long rejected() {
        return database.number("select count(*) from rejected_operations");
    }

    @Test
    void reset_unasked_changesNothingAndNamesYes() {
        fill();
        Commands.Outcome outcome = db("reset");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("drop all data").contains("--yes").hasLineCount(1);
        assertThat(db("clear", "--tables", "sync_cursors").err()).contains("empty sync_cursors").contains("--yes");
        assertThat(database.operations()).isEqualTo(log.valid().size());
        assertThat(database.number("select count(*) from sync_cursors")).isEqualTo(1);
    }

    @Test
    void reset_withYes_leavesEmptyTables() {
        fill();
        database.run("create table left_over (id int)");
        Commands.Outcome outcome = db("reset", "--yes");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(database.number("select count(*) from plc_log_entries")).isZero();
        assertThat(database.number("select count(*) from sync_cursors")).isZero();
        assertThat(database.ask("select to_regclass('left_over')")).isEqualTo("null");
    }

    @Test
    void clear_ofAnUnknownTable_namesThoseThatThereAre() {
        Commands.Outcome outcome = db("clear", "--yes", "--tables", "rejected_operations,plc_log");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("at-mirror: no such table: plc_log; there are account_infos, handle_checks, pds_hosts,")
                .hasLineCount(1);
    }

    @Test
    void clear_ofOneTable_leavesTheOthers() {
        fill();
        Commands.Outcome outcome = db("clear", "--yes", "--tables", "rejected_operations");
        assertThat(outcome.out()).isEqualToNormalizingNewlines("emptied rejected_operations\n");
        assertThat(rejected()).isZero();
        assertThat(database.operations()).isEqualTo(log.valid().size());
    }

    @Test
    void clear_ofTheLog_takesItsCursorAlongAndSaysSo() {
        fill();
        Commands.Outcome outcome = db("clear", "-y", "--tables", "plc_log_entries");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("plc_log_entries", "account_infos", "sync_cursors").doesNotContain("rejected");
        assertThat(database.operations()).isZero();
        assertThat(database.number("select count(*) from sync_cursors")).isZero();
        assertThat(rejected()).isPositive();
        fill();
    }

    @Test
    void clear_whileAMirrorWrites_isRefused() {
        try (FakeUpstream upstream = new FakeUpstream(log.lines());
                MirrorRun run = MirrorRun.start(database, upstream)) {
            run.awaitStored(log.valid().size());
            for (String command : new String[] {"clear", "reset"}) {
                Commands.Outcome outcome = db(command, "--yes");
                assertThat(outcome.code()).isEqualTo(1);
                assertThat(outcome.err()).contains("a mirror is running on this database; stop it first").hasLineCount(1);
            }
            assertThat(database.operations()).isEqualTo(log.valid().size());
        }
    }

    @Test
    void status_beforeAndAfterMigrating_showsWhatIsThere() {
        assertThat(db("status").out()).contains("plc log").contains("Pending");
        assertThat(db("migrate").out()).contains("migrations applied");
        assertThat(db("migrate").out()).contains("up to date");
        Commands.Outcome outcome = db("status");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("Success").doesNotContain("Pending");
        assertThat(outcome.out()).containsPattern("plc_log_entries +[\\d.]+ kB").containsPattern("rejected_operations +[\\d.]+ kB");
    }
}
