package dev.atmirror.store;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database as it is at one moment, for as long as this is open: a transaction that exports its snapshot, so that other
 * connections see the same. It changes nothing and holds up no writer; vacuum keeps what dies meanwhile. Ends with its
 * connection, whatever becomes of the process.
 */
public final class SnapshotView implements AutoCloseable {
    private static final String NO_SUCH_TABLE = "42P01"; // SQLSTATE undefined_table

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotView.class);

    /** What a filtered log leaves out, by table; other tables stay whole. */
    private static final Map<String, String> FILTERED = Map.of(
            "plc_account", "snapshot/filtered/plc_account.sql",
            "plc_operation", "snapshot/filtered/plc_operation.sql",
            "plc_odd_operation", "snapshot/filtered/plc_odd_operation.sql",
            "plc_note", "snapshot/filtered/plc_note.sql");

    /**
     * @param snapshot as {@code pg_dump --snapshot} takes it
     * @param version of the server, as 15.19
     * @param major of the server, as 15
     * @param migration the last that was applied, as 002
     */
    public record Server(String snapshot, String version, int major, String migration) {}

    /** @param schema where it is @param bytes on disk, without indexes @param rows about so many; 0 where nothing has counted yet */
    public record Table(String schema, String name, long bytes, long rows) {}

    /** First and last operation. */
    public record LogEnds(long firstSeq, Instant firstTime, long lastSeq, Instant lastTime) {}

    /** What a filtered log leaves out. */
    public record LeftOut(long accounts, long operations) {}

    private final Connection connection;
    private final Server server;

    private SnapshotView(Connection connection, Server server) {
        this.connection = connection;
        this.server = server;
    }

    /** @param database whose connections wait as long as it takes @throws IllegalStateException for a database without tables */
    public static SnapshotView open(DataSource database) {
        try {
            Connection connection = database.getConnection();
            try {
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                connection.setReadOnly(true);
                connection.setAutoCommit(false);
                return new SnapshotView(connection, begin(connection));
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            if (NO_SUCH_TABLE.equals(e.getSQLState())) {
                throw new IllegalStateException("the database is empty; `run` or `db migrate` creates the tables", e);
            }
            throw new StorageException("taking a snapshot", e);
        }
    }

    private static Server begin(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(Sql.file("snapshot/begin.sql"));
                ResultSet rows = select.executeQuery()) {
            rows.next();
            return new Server(
                    rows.getString("snapshot"),
                    rows.getString("version"),
                    rows.getInt("major"),
                    rows.getString("migration"));
        }
    }

    public Server server() {
        return server;
    }

    /** Whether a filtered log holds less of this table. */
    public static boolean isFiltered(String table) {
        return FILTERED.containsKey(table);
    }

    public List<Table> tables(Collection<String> names) {
        return list("snapshot/tables.sql", names.toArray(String[]::new), rows ->
                new Table(rows.getString("schema"), rows.getString("name"), rows.getLong("bytes"), rows.getLong("rows")));
    }

    /** The upstreams' cursors; the one that moved last comes first. */
    public List<SyncStatus.Cursor> cursors() {
        return list("sync/cursors.sql", null, SyncStatus::cursor);
    }

    /** @param filtered of a filtered log @return empty for an empty log */
    public Optional<LogEnds> logEnds(boolean filtered) {
        String file = filtered ? "snapshot/filtered/log-ends.sql" : "snapshot/log-ends.sql";
        return list(file, null, rows -> new LogEnds(
                        rows.getLong("first_seq"),
                        PlcLog.instant(rows, "first_time"),
                        rows.getLong("last_seq"),
                        PlcLog.instant(rows, "last_time")))
                .stream()
                .findFirst();
    }

    public LeftOut leftOut() {
        return list("snapshot/left-out.sql", null, rows -> new LeftOut(rows.getLong("accounts"), rows.getLong("operations")))
                .get(0);
    }

    /** Columns of a table in their order, as COPY takes them. */
    public String columns(String table) {
        return list("snapshot/columns.sql", table, rows -> rows.getString(1)).get(0);
    }

    /**
     * What a filtered log holds of a table, as COPY writes it.
     *
     * @throws IOException as {@code to} throws it
     */
    public void copyFiltered(String table, OutputStream to) throws IOException {
        try {
            CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
            copy.copyOut("copy (" + Sql.file(FILTERED.get(table)) + ") to stdout", to);
        } catch (SQLException e) {
            throw new StorageException("dumping " + table, e);
        }
    }

    /** @param argument of the statement; null for none */
    private <T> List<T> list(String file, Object argument, SyncStatus.Row<T> row) {
        try (PreparedStatement select = connection.prepareStatement(Sql.file(file))) {
            if (argument != null) {
                select.setObject(1, argument);
            }
            List<T> all = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(row.read(rows));
                }
            }
            return all;
        } catch (SQLException e) {
            throw new StorageException("reading a snapshot", e);
        }
    }

    /** Ends what {@link #copyFiltered} does; from another thread. */
    public void cancel() {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            LOG.debug("the snapshot's connection was gone", e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new StorageException("ending a snapshot", e);
        }
    }
}
