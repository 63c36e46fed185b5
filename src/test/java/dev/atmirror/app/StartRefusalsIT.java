package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorProcess;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a start cannot do is said at once, in one line that names the setting. */
class StartRefusalsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestDatabase database = TestDatabase.create();

    private Commands.Outcome migrate(String url) {
        return Commands.run(Map.of("atmirror.postgres.url", url), "db", "migrate");
    }

    private String port() {
        return database.url().replaceFirst(".*localhost:(\\d+)/.*", "$1");
    }

    private String name() {
        return database.url().replaceFirst(".*/(test\\d+)\\?.*", "$1");
    }

    private static void assertRefused(Commands.Outcome outcome, String... said) {
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("at-mirror: the database at ")
                .contains(said)
                .contains("(ATMIRROR_POSTGRES_URL, atmirror.postgres.url)")
                .doesNotContain("secret", "Flyway", "flyway")
                .hasLineCount(1);
    }

    /** Issue 12, C17. */
    @Test
    void open_withAWrongPassword_namesServerAndSetting() throws Exception {
        database.run("create role guarded login password 'right'");
        // Trust is what the test server goes by; a role with a method of its own must be added to its rules.
        Path rules = Path.of(database.ask("show hba_file"));
        String before = java.nio.file.Files.readString(rules);
        try {
            java.nio.file.Files.writeString(rules, "host all guarded all scram-sha-256\n" + before);
            database.run("select pg_reload_conf()");
            String url = "postgres://guarded:secret@localhost:" + port() + "/" + name();
            await().atMost(PATIENCE).until(() -> migrate(url).code() == 1);
            assertRefused(migrate(url), "localhost:" + port() + "/" + name(), "refuses this user or password", "\"guarded\"");
        } finally {
            java.nio.file.Files.writeString(rules, before);
            database.run("select pg_reload_conf()");
            database.run("drop owned by guarded");
            database.run("drop role guarded");
        }
    }

    /** Issue 12, C17. */
    @Test
    void open_withAWrongHostPortOrName_namesServerAndSetting() throws Exception {
        assertRefused(migrate("postgres://me:secret@nobody.invalid/db"), "nobody.invalid/db", "its host name is not known");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = free.getLocalPort();
            free.close();
            assertRefused(migrate("postgres://me:secret@127.0.0.1:" + port + "/db"), "127.0.0.1:" + port + "/db", "nothing listens there");
        }
        assertRefused(migrate("postgres://postgres:secret@localhost:" + port() + "/absent"), "lacks the database", "\"absent\"");
    }

    /** Issue 12, C17. */
    @Test
    void run_onABusyPort_namesTheSettingBeforeADatabaseIsCreated() throws Exception {
        DataFolder folder = new DataFolder("busy-port");
        folder.remove();
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Commands.Outcome outcome = Commands.run(
                    Map.of(
                            "atmirror.postgres.url", "",
                            "atmirror.data.dir", folder.path().toString(),
                            "atmirror.http.host", "127.0.0.1",
                            "atmirror.http.port", String.valueOf(busy.getLocalPort())),
                    "run");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err())
                    .startsWith("at-mirror: cannot listen on 127.0.0.1:" + busy.getLocalPort() + ": another process has that port")
                    .contains("ATMIRROR_HTTP_PORT")
                    .hasLineCount(1);
            assertThat(folder.path()).doesNotExist();
        }
    }

    /** Issue 12, C17. */
    @Test
    void run_onAnAddressOfAnotherMachine_namesTheSetting() {
        Commands.Outcome outcome = Commands.run(
                Map.of("atmirror.postgres.url", database.url(), "atmirror.http.host", "192.0.2.1"), "run");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("no address 192.0.2.1").contains("ATMIRROR_HTTP_HOST").hasLineCount(1);
    }

    /** Issue 12, C16. */
    @Test
    void run_withWrongSettings_saysSoInOneLineAndStartsNothing() {
        try (FakeUpstream upstream = new FakeUpstream(SignedLog.of(61, 10).lines());
                MirrorProcess process = MirrorProcess.run(
                        MirrorRun.settings(database, upstream),
                        "atmirror.routes.describe-repo.schedule", "hourly",
                        "atmirror.pds.lanes", "two")) {
            await().atMost(PATIENCE).until(() -> !process.isAlive());
            assertThat(process.output())
                    .hasLineCount(1)
                    .startsWith("at-mirror: atmirror.pds.lanes (ATMIRROR_PDS_LANES) is \"two\": must be a whole number")
                    .contains("atmirror.routes.describe-repo.schedule (ATMIRROR_ROUTES_DESCRIBE_REPO_SCHEDULE) is \"hourly\"");
            assertThat(upstream.queries()).isEmpty();
        }
        assertThat(database.ask("select to_regclass('plc_log_entries')")).isEqualTo("null");
    }

    /** Issue 12, C16: a database that goes away while the mirror runs costs lines, not stacks. */
    @Test
    void run_whereTheDatabaseGoesAway_writesNoStack() {
        SignedLog log = SignedLog.of(61, 50);
        try (FakeUpstream upstream = new FakeUpstream(log.lines());
                MirrorProcess process = MirrorProcess.run(MirrorRun.settings(database, upstream))) {
            var ready = process.awaitAddress().resolve("/ready");
            await().atMost(PATIENCE).until(() -> Reply.get(ready).status() == 200);
            TestDatabase.stopServer();
            try {
                upstream.append(log.grow(5, 0));
                await().atMost(PATIENCE).until(() -> process.output().lines().filter(line -> line.contains("refused")).count() > 3);
            } finally {
                TestDatabase.startServer();
            }
            await().atMost(PATIENCE).until(() -> database.operations() == 55);
            assertThat(process.output().lines()).noneMatch(line -> line.startsWith("\tat ") || line.startsWith("Caused by"));
            assertThat(process.output().lines().skip(1)).allMatch(line -> line.matches("\\d{4}-.*") || line.startsWith("at-mirror"));
        }
    }
}
