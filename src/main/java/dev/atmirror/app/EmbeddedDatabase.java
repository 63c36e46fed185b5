package dev.atmirror.app;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
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
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL under the data folder, for those who configure none.
 *
 * <p>Commands share it: who comes first starts it, who leaves last stops it. One that outlived a killed process is taken
 * over. A file lock decides who starts, so that two commands at once do not both try.
 */
final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final Duration START_WAIT = Duration.ofMinutes(2); // recovery after a crash may take its time
    private static final Duration STOP_WAIT = Duration.ofSeconds(30);
    static final String USER = "postgres";
    private static final int PID_LINE = 0; // of postmaster.pid, as PostgreSQL's pidfile.h says
    private static final int PORT_LINE = 3;

    private final Path data;
    private final Path lockFile;
    private final int port;

    private EmbeddedDatabase(Path folder, int port) {
        this.data = folder.resolve("postgres");
        this.lockFile = folder.resolve("postgres.lock");
        this.port = port;
    }

    /** Starts the server, or finds the one that runs already. @param folder created where it is missing */
    static EmbeddedDatabase open(Path folder) {
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = channel(folder.resolve("postgres.lock"));
                    FileLock ignored = channel.lock()) {
                Optional<Integer> running = runningPort(folder.resolve("postgres"));
                int port = running.isPresent() ? running.get() : start(folder).getPort();
                return new EmbeddedDatabase(folder, port);
            }
        } catch (IOException | IllegalStateException e) {
            throw new IllegalStateException(
                    "the embedded PostgreSQL does not start: " + e.getMessage() + "; is the data folder " + folder
                            + " writable, and the disk not full? Or set ATMIRROR_POSTGRES_URL to a database of yours",
                    e);
        }
    }

    private static FileChannel channel(Path lockFile) throws IOException {
        return FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static EmbeddedPostgres start(Path folder) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setOverrideWorkingDirectory(folder.resolve("postgres-program").toFile())
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false) // It would stop the server under the feet of what still writes.
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("encoding", "UTF8")
                .setPGStartupWait(START_WAIT)
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(folder.resolve("postgres.log").toFile()))
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(folder.resolve("postgres.log").toFile()))
                // The library switches durability off, as fits tests; this is somebody's mirror.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("wal_compression", "on")
                .setServerConfig("max_connections", "60")
                .setServerConfig("shared_buffers", "512MB")
                .setServerConfig("max_wal_size", "4GB")
                .setServerConfig("checkpoint_timeout", "15min")
                .setServerConfig("random_page_cost", "1.1")
                .start();
    }

    private static Optional<String> pidLine(Path data, int line) {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            return line < lines.size() ? Optional.of(lines.get(line).strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> runningPort(Path data) {
        Optional<Integer> port = pidLine(data, PORT_LINE).map(Integer::valueOf);
        return port.filter(EmbeddedDatabase::answers);
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String jdbcUrl() {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    /** Stops the server, unless another command still uses it. The pools must be closed before. */
    @Override
    public void close() {
        try (FileChannel channel = channel(lockFile);
                FileLock ignored = channel.lock()) {
            if (othersConnected()) {
                LOG.debug("another command still uses the embedded PostgreSQL; it stays up");
            } else {
                stop();
            }
        } catch (IOException | SQLException e) {
            LOG.warn("stopping the embedded PostgreSQL: {}", e.getMessage());
        }
    }

    private boolean othersConnected() throws SQLException {
        return ask("select count(*) from pg_stat_activity where application_name like 'at-mirror%'") > 0;
    }

    private long ask(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl(), USER, "");
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void stop() throws SQLException {
        // SIGTERM waits for every client; a psql that somebody left open must not hold the server half shut.
        ask("select count(pg_terminate_backend(pid)) from pg_stat_activity"
                + " where backend_type = 'client backend' and pid <> pg_backend_pid()");
        Optional<ProcessHandle> server = pidLine(data, PID_LINE).map(Long::valueOf).flatMap(ProcessHandle::of);
        server.ifPresent(process -> {
            process.destroy();
            try {
                process.onExit().get(STOP_WAIT.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.warn("the embedded PostgreSQL has not stopped after {}; it ends by itself", STOP_WAIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
