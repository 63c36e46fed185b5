package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LoggedLines;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mirror on a streaming standby answers, and is the writer once that is promoted (issue 12, E33). */
class StandbyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final SignedLog log = SignedLog.of(134, 150);

    private EmbeddedPostgres server(String name) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve(name))
                .setOverrideWorkingDirectory(folder.resolve("program").toFile())
                .setCleanDataDirectory(false)
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("encoding", "UTF8")
                .setPGStartupWait(PATIENCE)
                .start();
    }

    private static String url(EmbeddedPostgres server) {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres?user=postgres";
    }

    private static String ask(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(server));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** As pg_basebackup does it, which the embedded binaries lack. */
    private void backUp(EmbeddedPostgres primary) throws Exception {
        Path to = folder.resolve("standby");
        try (Connection connection = DriverManager.getConnection(url(primary));
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_backup_start('standby', true)");
            copy(folder.resolve("primary"), to);
            try (ResultSet label = statement.executeQuery("select labelfile from pg_backup_stop()")) {
                label.next();
                Files.writeString(to.resolve("backup_label"), label.getString(1));
            }
        }
        copy(folder.resolve("primary/pg_wal"), to.resolve("pg_wal"));
        Files.createFile(to.resolve("standby.signal"));
        Files.writeString(
                to.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=localhost port=" + primary.getPort() + " user=postgres'\n",
                StandardOpenOption.APPEND);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                } else if (!List.of("postmaster.pid", "postmaster.opts").contains(path.getFileName().toString()) && !Files.exists(copy)) {
                    copyFile(path, copy);
                }
            }
        }
    }

    private static void copyFile(Path from, Path to) throws IOException {
        try {
            Files.copy(from, to);
        } catch (NoSuchFileException e) {
            assertThat(from).as("only the running server removes files").doesNotExist();
        }
    }

    @Test
    void run_onAStandby_answersAndWritesOnceItIsPromoted() throws Exception {
        TestDatabase unused = TestDatabase.create();
        String did = log.valid().get(0).did();
        try (FakeUpstream upstream = new FakeUpstream(log.lines()).withoutStream();
                EmbeddedPostgres primary = server("primary")) {
            try (MirrorRun run = MirrorRun.start(unused, upstream, "atmirror.postgres.url", url(primary))) {
                run.awaitCaughtUp();
            }
            backUp(primary);
            try (EmbeddedPostgres standby = server("standby");
                    LoggedLines lines = new LoggedLines("dev.atmirror");
                    MirrorRun run = MirrorRun.start(unused, upstream, "atmirror.postgres.url", url(standby))) {
                assertThat(ask(standby, "select pg_is_in_recovery()")).isEqualTo("t");
                assertThat(run.get("/" + did).statusCode()).isEqualTo(200);
                assertThat(run.get("/ready").statusCode()).isEqualTo(200);
                ask(standby, "select pg_promote()");
                upstream.append(log.grow(20, 0));
                await().atMost(PATIENCE).until(() -> ask(standby, "select count(*) from plc_log_entries")
                        .equals(String.valueOf(log.valid().size())));
                assertThat(lines.messages()).filteredOn(line -> line.contains("read-only") || line.contains("takes writes"))
                        .containsExactly(
                                "the database is read-only: lookups are answered from what is there, and stages that write wait",
                                "the database takes writes again; stages that write go on");
            }
        }
    }
}
