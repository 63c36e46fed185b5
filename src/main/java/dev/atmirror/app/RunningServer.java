package dev.atmirror.app;

import dev.atmirror.cli.Stop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server that works in our data folder, proven to be that one. {@code postmaster.pid} outlives a server that was
 * killed, and then its process number and its port may belong to strangers. So first the process must be a PostgreSQL
 * that works in the folder; only then its port is asked, and the answers must be those of our folder: the same data
 * directory, the system identifier of its {@code pg_control}, and the start that the file tells. Nobody else is
 * connected to, and nothing is signalled before.
 */
record RunningServer(int port, ProcessHandle process) {
    private static final Logger LOG = LoggerFactory.getLogger(RunningServer.class);
    private static final Duration RECOVERY_WAIT = Duration.ofMinutes(2); // after a crash
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(10); // a port that is not opened by then is not its own
    private static final Duration ASK_AGAIN = Duration.ofMillis(100);
    /** Between the start of the process and the moment that the server calls its start, memory is laid out. */
    private static final Duration START_SLACK = Duration.ofSeconds(60);

    private static final String NOT_YET = "57P03"; // cannot_connect_now: it starts, recovers or stops
    private static final String CONNECTION_FAILED = "08"; // class of the states: not listening yet
    private static final String IDENTITY = "select system_identifier, current_setting('data_directory'),"
            + " extract(epoch from pg_postmaster_start_time())::bigint from pg_control_system()";

    /**
     * Finds the server of a data folder. Removes a {@code postmaster.pid} that nobody's server wrote, since PostgreSQL
     * would take whatever process has its number now for a server.
     *
     * @throws IllegalStateException where a server works in the folder that cannot be used, with what to do
     */
    static Optional<RunningServer> find(Path data) throws IOException {
        Optional<PidFile> found = PidFile.read(data);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        PidFile file = found.get();
        if (!file.isWhole()) {
            return refuseIfAnyWorksIn(data, file);
        }
        Optional<ProcessHandle> process = file.process();
        if (process.filter(named -> worksIn(data, named)).isEmpty()) {
            process.ifPresent(stranger -> remove(file, "process " + stranger.pid() + " is no server of this folder"));
            return Optional.empty(); // PostgreSQL itself removes a file whose process is gone
        }
        return awaitProof(data, file, process.get());
    }

    /** The process of the server that works in the folder, without asking it: one that recovers does not answer yet. */
    static Optional<ProcessHandle> worker(Path data) throws IOException {
        return PidFile.read(data).flatMap(PidFile::process).filter(process -> worksIn(data, process));
    }

    private static Optional<RunningServer> refuseIfAnyWorksIn(Path data, PidFile file) {
        Optional<ProcessHandle> server =
                ProcessHandle.allProcesses().filter(process -> worksIn(data, process)).findFirst();
        server.ifPresent(process -> {
            throw unusable(process, data, file.path() + " is damaged");
        });
        remove(file, "it is empty or damaged, and no server works in this folder");
        return Optional.empty();
    }

    private static void remove(PidFile file, String why) {
        try {
            Files.deleteIfExists(file.path());
            LOG.info("removed {}, which a server left that is gone: {}", file.path(), why);
        } catch (IOException e) {
            throw new IllegalStateException("cannot remove the stale " + file.path() + " (" + e.getMessage() + "); remove it", e);
        }
    }

    private static IllegalStateException unusable(ProcessHandle process, Path data, String why) {
        return new IllegalStateException("a PostgreSQL (process " + process.pid() + ") works in " + data + ", but " + why
                + "; stop it (kill " + process.pid() + ") and start again");
    }

    /** Whether a process is a PostgreSQL that works in the folder: the server itself goes there and stays. */
    private static boolean worksIn(Path data, ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        String command = info.command().or(info::commandLine).orElse("");
        if (!command.contains("postgres") && !command.contains("postmaster")) {
            return false;
        }
        Path folder = Path.of("/proc", String.valueOf(process.pid()), "cwd");
        return Files.exists(folder) ? isSame(folder.toString(), data) : isNamedBy(info, data);
    }

    private static boolean isNamedBy(ProcessHandle.Info info, Path data) {
        List<String> arguments = List.of(info.arguments().orElse(new String[0]));
        return IntStream.range(1, arguments.size())
                .anyMatch(i -> arguments.get(i - 1).equals("-D") && isSame(arguments.get(i), data));
    }

    private static boolean isSame(String folder, Path data) {
        try {
            return Files.isSameFile(Path.of(folder), data);
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    private static Optional<RunningServer> awaitProof(Path data, PidFile file, ProcessHandle process) throws IOException {
        int port = file.port().orElseThrow();
        long systemIdentifier = systemIdentifier(data);
        Instant begin = Instant.now();
        while (process.isAlive() && !Stop.isStopping()) {
            try {
                Optional<String> objection = objection(data, file, systemIdentifier);
                objection.ifPresent(why -> {
                    throw unusable(process, data, why);
                });
                return Optional.of(new RunningServer(port, process));
            } catch (SQLException e) {
                if (Instant.now().isAfter(begin.plus(patience(e)))) {
                    throw unusable(process, data, "port " + port + " says: " + e.getMessage());
                }
                pause();
            }
        }
        return Optional.empty(); // it was about to stop
    }

    private static Duration patience(SQLException failure) {
        String state = Optional.ofNullable(failure.getSQLState()).orElse("");
        if (state.equals(NOT_YET)) {
            return RECOVERY_WAIT;
        }
        return state.startsWith(CONNECTION_FAILED) ? ANSWER_WAIT : Duration.ZERO;
    }

    private static void pause() {
        try {
            Thread.sleep(ASK_AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the embedded PostgreSQL starts", e);
        }
    }

    /** What speaks against the server at the port being the one of the folder. */
    private static Optional<String> objection(Path data, PidFile file, long systemIdentifier) throws SQLException {
        int port = file.port().orElseThrow();
        try (Connection connection = Connecting.once(EmbeddedDatabase.address(port));
                PreparedStatement select = connection.prepareStatement(IDENTITY);
                ResultSet row = select.executeQuery()) {
            row.next();
            Instant started = Instant.ofEpochSecond(row.getLong(3));
            Instant written = file.started().orElseThrow();
            boolean ours = row.getLong(1) == systemIdentifier
                    && isSame(row.getString(2), data)
                    && Duration.between(written, started).abs().compareTo(START_SLACK) < 0;
            return ours
                    ? Optional.empty()
                    : Optional.of("port " + port + " of " + file.path() + " belongs to another server, of "
                            + row.getString(2) + " since " + started);
        }
    }

    /** What the folder's own control file says; its first eight bytes. */
    private static long systemIdentifier(Path data) throws IOException {
        try (var in = Files.newInputStream(data.resolve("global").resolve("pg_control"))) {
            return ByteBuffer.wrap(in.readNBytes(Long.BYTES)).order(ByteOrder.nativeOrder()).getLong();
        }
    }
}
