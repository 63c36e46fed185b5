package dev.atmirror.app;

import dev.atmirror.store.ReadOnly;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every second whether the database answers, over a connection of its own, so that {@code /ready} and {@code /} know
 * it within a few seconds and without a query of their own.
 */
final class DatabaseWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);
    /** A database that takes longer for a constant answers no lookup in time either. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseWatch.class);

    private final DataSource database;
    private final InstantSource clock;
    private final Runnable writable;
    private final ScheduledExecutorService thread;
    private Optional<Connection> connection = Optional.empty();
    private Instant lost = Instant.EPOCH;
    private volatile Optional<String> trouble = Optional.empty();
    private volatile boolean readOnly;

    /**
     * @param database gives up after {@link #PATIENCE}
     * @param writable told when a read-only database takes writes again: older sessions may keep refusing them
     */
    DatabaseWatch(DataSource database, InstantSource clock, Runnable writable) {
        this.database = database;
        this.writable = writable;
        this.clock = clock;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "database-watch");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /** Looks once before it returns, so that stages know from the beginning whether they may write. */
    void start() {
        look();
        thread.scheduleWithFixedDelay(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Why the database does not answer, in words; empty while it does. */
    Optional<String> trouble() {
        return trouble;
    }

    /** Whether nothing can be written, as on a standby; as it was when the database last answered. */
    boolean isReadOnly() {
        return readOnly;
    }

    private void note(boolean now) {
        if (now && !readOnly) {
            LOG.warn("the database is read-only: lookups are answered from what is there, and stages that write wait");
        } else if (readOnly && !now) {
            LOG.info("the database takes writes again; stages that write go on");
            writable.run();
        }
        readOnly = now;
    }

    private void look() {
        try {
            if (readOnly) {
                drop(); // a session keeps the default that it began with
            }
            askTwice();
            trouble.ifPresent(was -> LOG.info(
                    "the database answers again, after {} s", Duration.between(lost, clock.instant()).toSeconds()));
            trouble = Optional.empty();
        } catch (SQLException | RuntimeException e) { // a thread that dies here would leave the last answer standing
            drop();
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("").split("\\. ", 2)[0].replaceFirst("\\.$", "");
            if (trouble.isEmpty()) {
                lost = clock.instant();
                LOG.warn("the database does not answer ({}); lookups answer 503 until it does", why);
            }
            trouble = Optional.of(why);
        }
    }

    /** A connection that broke says less than the attempt to open another one. */
    private void askTwice() throws SQLException {
        boolean open = connection.isPresent();
        try {
            ask();
        } catch (SQLException e) {
            drop();
            if (!open) {
                throw e;
            }
            ask();
        }
    }

    private void ask() throws SQLException {
        if (connection.isEmpty()) {
            connection = Optional.of(database.getConnection());
        }
        try (Statement statement = connection.get().createStatement();
                ResultSet rows = statement.executeQuery("select " + ReadOnly.SQL)) {
            rows.next();
            note(rows.getBoolean(1));
        }
    }

    private void drop() {
        connection.ifPresent(broken -> {
            try {
                broken.close();
            } catch (SQLException e) {
                LOG.debug("the connection was gone", e);
            }
        });
        connection = Optional.empty();
    }

    @Override
    public void close() {
        thread.execute(this::drop);
        thread.shutdown();
    }
}
