package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atmirror.identity.Json;
import dev.atmirror.store.Schema;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LoggedLines;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A database that takes no writes still answers (issue 12, E33). */
class ReadOnlyDatabaseIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String[] EVERYTHING = {
        "atmirror.plc.standing-schedule", "* * * * * ?",
        "atmirror.routes.handle-names.schedule", "* * * * * ?",
        "atmirror.routes.handles.enabled", "true",
        "atmirror.routes.handles.schedule", "* * * * * ?",
        "atmirror.routes.pds-hosts.enabled", "true",
        "atmirror.routes.pds-hosts.schedule", "* * * * * ?",
        "atmirror.routes.pds-accounts.enabled", "true",
        "atmirror.routes.pds-accounts.schedule", "* * * * * ?"
    };
    private final TestDatabase database = TestDatabase.create();
    private final SignedLog log = SignedLog.of(133, 200);

    /** By a session that may write all the same. */
    private void write(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url() + "&options=-c%20default_transaction_read_only=off");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void readOnly(boolean on) throws SQLException {
        write("alter database " + database.ask("select current_database()") + " set default_transaction_read_only = " + on);
    }

    private void read(FakeUpstream upstream) {
        try (MirrorRun run = MirrorRun.start(database, upstream)) {
            run.awaitStored(log.valid().size()).awaitCaughtUp();
        }
    }

    @Test
    void run_onAReadOnlyDatabase_answersAndWaitsWithItsStages() throws Exception {
        String did = log.valid().get(0).did();
        try (FakeUpstream upstream = new FakeUpstream(log.lines()).withoutStream()) {
            read(upstream);
            write("update sync_cursors set caught_up_at = now() - interval '1 hour'");
            readOnly(true);
            int asked = upstream.queries().size();
            try (LoggedLines all = new LoggedLines("dev.atmirror");
                    MirrorRun run = MirrorRun.start(database, upstream, EVERYTHING)) {
                assertThat(run.get("/" + did).statusCode()).isEqualTo(200);
                assertThat(run.get("/info/" + did).statusCode()).isEqualTo(200);
                JsonNode ready = Json.parse(run.get("/ready").body());
                assertThat(ready.path("ready").asBoolean()).as(ready.toString()).isFalse();
                assertThat(ready.path("readOnly").asBoolean()).isTrue();
                assertThat(ready.path("stages").path("plc-logs").path("behindSeconds").asLong()).isBetween(3600L, 3700L);
                assertThat(run.get("/").body()).contains("read-only database");
                write("update sync_cursors set caught_up_at = now()"); // as the process that writes would
                await().atMost(PATIENCE).until(() -> run.get("/ready").statusCode() == 200);
                assertThat(upstream.queries()).as("the log is not read").hasSize(asked);
                assertThat(all.messages()).filteredOn(line -> line.contains("read-only")).containsExactly(
                        "the database is read-only: lookups are answered from what is there, and stages that write wait");
                readOnly(false);
                upstream.append(log.grow(20, 0));
                run.awaitStored(log.valid().size());
                await().atMost(PATIENCE).until(() -> run.get("/ready").statusCode() == 200);
            }
        }
    }

    @Test
    void commands_thatWrite_nameTheReadOnlyDatabase() throws Exception {
        database.migrate();
        readOnly(true);
        Map<String, String> settings = Map.of("atmirror.postgres.url", database.url());
        for (String[] command : new String[][] {
            {"backfill", "plc-logs"}, {"backfill", "handles"}, {"backfill", "pds-accounts"}, {"db", "clear", "--yes"}
        }) {
            Commands.Outcome outcome = Commands.run(settings, command);
            assertThat(outcome.code()).as(String.join(" ", command)).isEqualTo(1);
            assertThat(outcome.err()).contains("the database is read-only").doesNotContain("Exception");
        }
    }

    @Test
    void run_onAReadOnlyDatabaseThatIsNotMigrated_saysWhatToDo() throws Exception {
        readOnly(true);
        assertThatThrownBy(() -> new Schema(database.source()).migrate())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("read-only and lacks the migrations from 001 on");
    }

    @Test
    void run_onAReadOnlyDatabaseThatNeverCaughtUp_answersWhatIsThere() throws Exception {
        try (FakeUpstream upstream = new FakeUpstream(log.lines())) {
            read(upstream);
            database.run("update sync_cursors set caught_up_at = null");
            readOnly(true);
            try (MirrorRun run = MirrorRun.start(database, upstream)) {
                assertThat(run.get("/" + log.valid().get(0).did()).statusCode()).isEqualTo(200);
                assertThat(run.get("/ready").statusCode()).isEqualTo(503);
            }
        }
    }
}
