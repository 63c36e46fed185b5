package dev.atmirror.app;

import dev.atmirror.cli.Stop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL under the data folder, for those who configure none.
 *
 * <p>Commands share it: who comes first starts it, who leaves last stops it ({@link FolderUse}). One that outlived a
 * killed process is taken over, once it is proven to be ours ({@link RunningServer}). It is stopped at the end of the
 * process whatever ends that, a signal in the middle of the start included.
 */
final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final Duration START_WAIT = Duration.ofMinutes(10); // recovery after a crash may take its time
    private static final Duration STOP_WAIT = Duration.ofSeconds(30);
    private static final Duration SAY_EVERY = Duration.ofSeconds(10);
    private static final int PORTS_TRIED = 3; // a free port may be taken before the server has it
    private static final String HOST = "127.0.0.1"; // not localhost: on one of its addresses another server may listen
    static final String USER = "postgres";

    private static final List<String> CONFIGURATION = List.of(
            "listen_addresses=" + HOST,
            "timezone=UTC",
            "log_timezone=UTC",
            "max_connections=60",
            "shared_buffers=512MB",
            "wal_compression=on",
            "max_wal_size=4GB",
            "checkpoint_timeout=15min",
            "random_page_cost=1.1");

    private final Path data;
    private final Path programs;
    private final ServerLog log;
    private final FolderUse use;
    private final Stop.Registration atTheEnd;
    private int port;
    private int secondsStarting;
    private volatile boolean entered;
    private boolean found;
    private boolean closed;
    private volatile boolean stopping;

    private EmbeddedDatabase(Path folder) throws IOException {
        this.data = folder.resolve("postgres");
        this.programs = folder.resolve("postgres-program");
        this.log = new ServerLog(folder.resolve("postgres.log"));
        this.use = FolderUse.of(folder);
        this.atTheEnd = Stop.onSignal(this::close);
    }

    /**
     * Starts the server, or finds the one that runs already.
     *
     * @param folder created where it is missing
     * @throws IllegalStateException with the database's own reason where it does not start
     */
    static EmbeddedDatabase open(Path folder) {
        EmbeddedDatabase database;
        try {
            Files.createDirectories(folder);
            database = new EmbeddedDatabase(folder);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the data folder " + folder + " cannot be used: " + ServerLog.reason(e)
                            + "; make it writable, or set ATMIRROR_DATA_DIR (atmirror.data.dir) to another one",
                    e);
        }
        try {
            database.use.alone(database::isStopping, () -> {
                database.findOrStart();
                return null;
            });
            return database;
        } catch (IOException | RuntimeException e) {
            database.close();
            throw new IllegalStateException(
                    "the embedded PostgreSQL does not start: " + ServerLog.reason(e) + database.log.spaceLeft()
                            + " (or set ATMIRROR_POSTGRES_URL to a database of yours)",
                    e);
        }
    }

    private synchronized void findOrStart() throws IOException {
        Optional<RunningServer> running = RunningServer.find(data);
        if (running.isEmpty() && use.isUsed()) {
            throw new IllegalStateException("another at-mirror uses " + data
                    + ", whose server is gone or runs in another container; stop that at-mirror first");
        }
        use.enter();
        entered = true;
        if (isStopping()) { // after `entered` is set, which close() reads after setting `stopping`: one of them sees the other
            throw new IllegalStateException("the program is stopping");
        }
        found = running.isPresent();
        port = running.isPresent() ? running.get().port() : start().port();
    }

    private boolean isStopping() {
        return stopping || Stop.isStopping();
    }

    private RunningServer start() throws IOException {
        PostgresPrograms installed = PostgresPrograms.in(programs);
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            create(installed);
        }
        for (int left = PORTS_TRIED; ; left--) {
            if (stopping) {
                throw new IllegalStateException("the program is stopping");
            }
            log.mark();
            PostgresPrograms.Outcome outcome = installed.run(this::whileItStarts, "pg_ctl", startArguments());
            if (outcome.code() == 0) {
                return RunningServer.find(data)
                        .orElseThrow(() -> new IllegalStateException("it ended at once: " + log.sinceMark(outcome.output())));
            }
            if (left == 1 || !log.says("Address already in use")) {
                throw new IllegalStateException(log.sinceMark(outcome.output()));
            }
        }
    }

    /** Makes the folder in full or not at all: one that was left half would never start. */
    private void create(PostgresPrograms installed) throws IOException {
        boolean inPlace = Files.isDirectory(data); // perhaps a mount, which cannot be replaced
        if (inPlace) {
            refuseOtherFiles();
        }
        Path folder = inPlace ? data : data.resolveSibling("postgres-new");
        if (!inPlace) {
            PostgresPrograms.delete(folder);
        }
        PostgresPrograms.Outcome outcome = installed.run(() -> {}, "initdb", List.of(
                "-A", "trust", "-U", USER, "-D", folder.toString(), "-E", "UTF8", "--locale=C"));
        if (outcome.code() != 0) {
            throw new IllegalStateException("initdb says: " + ServerLog.last(outcome.output()));
        }
        if (!inPlace) {
            Files.move(folder, data, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void refuseOtherFiles() throws IOException {
        try (Stream<Path> inside = Files.list(data)) {
            inside.findAny().ifPresent(file -> {
                throw new IllegalStateException(data + " holds no database, but other files such as " + file.getFileName()
                        + "; empty it, or set ATMIRROR_DATA_DIR (atmirror.data.dir) to another folder");
            });
        }
    }

    private List<String> startArguments() throws IOException {
        List<String> options = new ArrayList<>(List.of("-p", String.valueOf(freePort())));
        CONFIGURATION.forEach(setting -> options.addAll(List.of("-c", setting)));
        return List.of(
                "start",
                "-D", data.toString(),
                "-l", log.path().toString(),
                "-w",
                "-t", String.valueOf(START_WAIT.toSeconds()),
                "-o", String.join(" ", options));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }

    private void whileItStarts() {
        if (stopping) {
            throw new IllegalStateException("the program is stopping");
        }
        secondsStarting++;
        if (secondsStarting % SAY_EVERY.toSeconds() == 0) {
            LOG.info("the embedded PostgreSQL is still starting; the newest line of {}: {}", log.path(), log.newestLine());
        }
    }

    static Databases.Address address(int port) {
        return new Databases.Address("jdbc:postgresql://" + HOST + ":" + port + "/postgres", USER, "");
    }

    Databases.Address address() {
        return address(port);
    }

    /** Stops the server, unless another command still uses it. The pools must be closed before. */
    @Override
    public void close() {
        stopping = true;
        if (!entered) { // nothing to leave, and whoever is alone in the folder may be so for minutes
            atTheEnd.cancel();
            return;
        }
        try {
            use.alone(() -> false, () -> {
                leave();
                return null;
            });
        } catch (IOException | RuntimeException e) {
            LOG.warn("stopping the embedded PostgreSQL: {}", ServerLog.reason(e));
        }
    }

    private synchronized void leave() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        atTheEnd.cancel();
        if (!use.leave()) {
            LOG.debug("another command still uses the embedded PostgreSQL; it stays up");
        } else if (found && OlderSessions.remain(address(), use.since())) {
            LOG.info("an at-mirror of an older version still uses the embedded PostgreSQL of {}; it stays up", data);
        } else if (RunningServer.worker(data).isPresent()) { // looked at once more: a signal goes out
            // A fast stop closes every session: a psql that somebody left open must not hold the server half shut.
            PostgresPrograms.Outcome outcome = PostgresPrograms.in(programs).run(() -> {}, "pg_ctl", List.of(
                    "stop", "-D", data.toString(), "-m", "fast", "-w", "-t", String.valueOf(STOP_WAIT.toSeconds())));
            if (outcome.code() != 0) {
                LOG.warn("the embedded PostgreSQL has not stopped after {} s; it ends by itself ({})",
                        STOP_WAIT.toSeconds(), ServerLog.last(outcome.output()));
            }
        }
    }
}
