package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorProcess;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Issue 12, E31: why the embedded PostgreSQL does not start is said, and it never outlives the commands that use it. */
class EmbeddedStartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DataFolder folder = new DataFolder("embedded-start");

    @BeforeEach
    @AfterEach
    void remove() throws IOException {
        folder.remove();
    }

    private Commands.Outcome migrate() {
        return Commands.run(
                Map.of("atmirror.postgres.url", "", "atmirror.data.dir", folder.path().toString()), "db", "migrate");
    }

    @Test
    void open_ofAnotherVersionsData_saysWhatTheServerSays() throws Exception {
        folder.create();
        Files.writeString(folder.postgres().resolve("PG_VERSION"), "14\n");
        Commands.Outcome outcome = migrate();
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("at-mirror: the embedded PostgreSQL does not start: ")
                .contains("FATAL: database files are incompatible with server")
                .contains("initialized by PostgreSQL version 14, which is not compatible with this version 15")
                .contains(folder.path().resolve("postgres.log").toString())
                .hasLineCount(1);
    }

    @Test
    void open_ofADamagedConfiguration_saysWhatTheServerSays() throws Exception {
        folder.create();
        Files.writeString(folder.postgres().resolve("postgresql.conf"), "max_wal_size = many\n");
        assertThat(migrate().err()).contains("invalid value for parameter \"max_wal_size\": \"many\"").hasLineCount(1);
    }

    @Test
    void open_whereSomethingElseStandsInTheFolder_leavesItAndSaysSo() throws Exception {
        Files.createDirectories(folder.postgres());
        Files.writeString(folder.postgres().resolve("letters.txt"), "dear");
        Commands.Outcome outcome = migrate();
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("letters.txt").contains("atmirror.data.dir").hasLineCount(1);
        assertThat(folder.postgres().resolve("letters.txt")).hasContent("dear");
    }

    @Test
    void open_whereAFileHasTheFoldersName_saysSoAndNamesTheSetting() throws Exception {
        Files.createDirectories(folder.path().getParent());
        Files.writeString(folder.path(), "dear");
        Commands.Outcome outcome = migrate();
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains(folder.path() + " is a file and no folder").contains("ATMIRROR_DATA_DIR").hasLineCount(1);
    }

    /** What a kill in the middle of initdb left is made anew. */
    @Test
    void open_behindAKillWhileCreating_startsCleanly() throws Exception {
        Files.createDirectories(folder.path().resolve("postgres-new").resolve("base"));
        Files.createDirectories(folder.path().resolve("postgres-program").resolve("unfinished").resolve("bin"));
        assertThat(migrate().out()).contains("migrations applied");
        assertThat(folder.serverLines()).isEmpty();
    }

    @Test
    void open_onAFullDisk_saysSoInOneLine() throws Exception {
        Files.createDirectories(folder.path());
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=20m,mode=0777", "tmpfs", folder.path().toString()), "needs the right to mount");
        try {
            Commands.Outcome outcome = migrate();
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err()).contains("No space left on device").contains("kB left, so make room on it").contains(folder.path().toString()).hasLineCount(1);
        } finally {
            run("umount", "-l", folder.path().toString());
        }
    }

    /** The disk has filled up since: the server itself cannot write why it does not start. */
    @Test
    void open_onADiskThatHasFilledUp_saysSoInOneLine() throws Exception {
        Files.createDirectories(folder.path());
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=400m,mode=0777", "tmpfs", folder.path().toString()), "needs the right to mount");
        try {
            folder.create();
            Path filler = folder.path().resolve("filler");
            run("dd", "if=/dev/zero", "of=" + filler, "bs=64k");
            Commands.Outcome outcome = migrate();
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err()).contains("kB left, so make room on it").hasLineCount(1);
            Files.delete(filler);
            assertThat(migrate().code()).isZero();
        } finally {
            run("umount", "-l", folder.path().toString());
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    }

    /** Sessions outlive their connections for a moment, and those of a killed command for longer. */
    @Test
    void close_whileASessionOfACommandLingers_stopsTheServer() throws Exception {
        Databases databases = Databases.open(folder.settings());
        String url = databases.address().jdbcUrl() + "?user=postgres&ApplicationName=at-mirror%20writer";
        try (Connection lingering = DriverManager.getConnection(url)) {
            assertThat(lingering.isValid(5)).isTrue();
            databases.close();
            assertThat(folder.serverLines()).isEmpty();
        }
    }

    /** As an older version runs it, which holds no postgres.users. @return its port */
    private int startServerOfAnOlderVersion() throws Exception {
        folder.create();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var outcome = PostgresPrograms.in(folder.path().resolve("postgres-program")).run(() -> {}, "pg_ctl", List.of(
                "start", "-w", "-D", folder.postgres().toString(), "-l", folder.path().resolve("postgres.log").toString(),
                "-o", "-p " + port + " -c listen_addresses=127.0.0.1"));
        assertThat(outcome.code()).as(outcome.output()).isZero();
        return port;
    }

    private static Connection session(int port, String application) throws SQLException {
        return DriverManager.getConnection(EmbeddedDatabase.address(port).jdbcUrl() + "?user=postgres&ApplicationName=" + application);
    }

    @Test
    void close_whileAnOlderVersionRuns_leavesItsServerUp() throws Exception {
        int port = startServerOfAnOlderVersion();
        try (Connection older = session(port, "at-mirror%20writer")) {
            assertThat(migrate().out()).contains("migrations applied");
            assertThat(folder.serverLines()).isNotEmpty();
            assertThat(older.isValid(5)).isTrue();
        }
        assertThat(migrate().code()).isZero();
        assertThat(folder.serverLines()).as("stopped by the last").isEmpty();
    }

    /** The session ends once the command that leaves has asked for such sessions. */
    @Test
    void close_whileASessionOfACommandThatHasEndedLingers_asksAgainAndStopsTheServer() throws Exception {
        int port = startServerOfAnOlderVersion();
        try (Connection lingering = session(port, "at-mirror%20writer"); Connection watching = session(port, "psql")) {
            var leaving = CompletableFuture.supplyAsync(this::migrate);
            try (PreparedStatement asked = watching.prepareStatement("select 1 from pg_stat_activity"
                    + " where query like '%pg_stat_activity%backend_start <%' and pid <> pg_backend_pid()")) {
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
                    try (ResultSet rows = asked.executeQuery()) {
                        return rows.next();
                    }
                });
            }
            lingering.close();
            assertThat(leaving.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).code()).isZero();
            assertThat(folder.serverLines()).isEmpty();
        }
    }

    /** Another process may be alone in the folder for as long as its server recovers. */
    @Test
    void process_thatWaitsForAnother_saysSoAndObeysASignal() throws Exception {
        Files.createDirectories(folder.path());
        try (FileChannel other = FileChannel.open(
                        folder.path().resolve("postgres.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = other.lock();
                MirrorProcess process = MirrorProcess.start(
                        List.of("db", "migrate"), Map.of(), "atmirror.postgres.url", "", "atmirror.data.dir", folder.path().toString())) {
            await().atMost(PATIENCE).until(() -> process.output().contains("waiting for another at-mirror"));
            assertThat(process.output()).contains(folder.path().toString());
            assertThat(process.stop()).isNotZero();
            assertThat(process.output()).doesNotContain("\tat ").containsOnlyOnce("waiting for another at-mirror");
            assertThat(held.isValid()).isTrue();
        }
        assertThat(migrate().code()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"false,postgres-new/PG_VERSION", "true,postgres.log", "true,postgres/postmaster.pid"})
    void process_stoppedInTheMiddleOfItsStart_leavesNoServer(boolean created, String lastThere) throws Exception {
        if (created) {
            folder.create();
        }
        try (FakeUpstream upstream = new FakeUpstream(SignedLog.of(61, 10).lines())) {
            Map<String, String> settings = MirrorRun.settings(TestDatabase.create(), upstream);
            MirrorProcess process = MirrorProcess.run(
                    settings, "atmirror.postgres.url", "", "atmirror.data.dir", folder.path().toString());
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> Files.exists(folder.path().resolve(lastThere)));
            process.close();
            await().atMost(PATIENCE).until(() -> folder.serverLines().isEmpty());
            assertThat(process.output()).doesNotContain("\tat ");
        }
        assertThat(migrate().code()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"AET,Australia/Sydney", "GMT+05:30,GMT+05:30", "Europe/Berlin,Europe/Berlin"})
    void open_inATimeZoneThatTheServerMayNotKnow_goesByOneThatItKnows(String zone, String known) throws Exception {
        folder.create();
        TimeZone before = TimeZone.getDefault();
        try (TestDatabase configured = TestDatabase.create()) {
            for (String url : new String[] {"", configured.url()}) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                Commands.Outcome outcome = Commands.run(
                        Map.of("atmirror.postgres.url", url, "atmirror.data.dir", folder.path().toString()), "db", "migrate");
                assertThat(outcome.out()).as(outcome.err()).contains("migrations applied");
                assertThat(TimeZone.getDefault().getID()).isEqualTo(known);
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    /** A system without a list of zones, or with an older one. */
    @Test
    void open_whereTheServerLacksTheZone_goesByUtc() throws Exception {
        folder.create();
        try (var programs = Files.walk(folder.path().resolve("postgres-program"))) {
            for (Path zone : programs.filter(path -> path.endsWith(Path.of("timezone", "Asia", "Tokyo"))).toList()) {
                Files.delete(zone);
            }
        }
        TimeZone before = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
            Commands.Outcome outcome = migrate();
            assertThat(outcome.out()).as(outcome.err()).contains("migrations applied");
            assertThat(TimeZone.getDefault().getID()).isEqualTo("UTC");
        } finally {
            TimeZone.setDefault(before);
        }
    }
}
