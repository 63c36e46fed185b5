package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write the log: one process at a time, by an advisory lock of the session. A process that dies gives it up
 * with its connection. Should two ever write at once, the primary keys refuse the second.
 */
public final class WriterLease implements AutoCloseable {
    private static final long LOCK = 0x61746d6972726f72L; // "atmirror"
    private static final Duration CHECK = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(WriterLease.class);

    private final DataSource database;
    private Connection held;
    private boolean waiting;
    private boolean readOnly;

    public WriterLease(DataSource database) {
        this.database = database;
    }

    /** Takes the lease where it is free; keeps it while the connection lives. */
    public synchronized boolean isHeld() {
        try {
            if (held != null && held.isValid((int) CHECK.toSeconds())) {
                return true;
            }
            close();
            if (take()) {
                if (waiting) {
                    LOG.info("the other process has stopped; this process is the writer of the log now");
                }
                waiting = false;
                return true;
            }
            if (!waiting && !readOnly) {
                LOG.info("another process writes the log; waiting until it stops");
                waiting = true;
            }
            return false;
        } catch (SQLException e) {
            throw new StorageException("taking the writer's lease", e);
        }
    }

    /** Whether the lease is ours; takes nothing. */
    public synchronized boolean isOurs() {
        try {
            return held != null && held.isValid((int) CHECK.toSeconds());
        } catch (SQLException e) {
            throw new StorageException("asking for the writer's lease", e);
        }
    }

    private boolean take() throws SQLException {
        Connection connection = database.getConnection();
        try {
            if (lock(connection)) {
                held = connection;
            }
        } finally {
            if (held != connection) {
                connection.close(); // also when asking failed, or the pool would run dry
            }
        }
        return held != null;
    }

    /** A read-only database gives the lock to anybody, and then refuses what its holder writes. */
    private boolean lock(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select " + ReadOnly.SQL
                + ", case when not " + ReadOnly.SQL + " then pg_try_advisory_lock(?) else false end")) {
            select.setLong(1, LOCK);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                readOnly = rows.getBoolean(1);
                return rows.getBoolean(2);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (held != null) {
            try (Connection connection = held;
                    PreparedStatement unlock = connection.prepareStatement("select pg_advisory_unlock_all()")) {
                unlock.execute();
            } catch (SQLException e) {
                LOG.debug("the lease's connection was gone", e);
            }
            held = null;
        }
    }
}
