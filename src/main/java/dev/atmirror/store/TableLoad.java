package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables that are filled anew from the rows of a dump, with their indexes built afterwards. All in one transaction: until
 * {@link #commit} others see what was there before, and whatever ends this one, be it the process, leaves just that.
 */
public final class TableLoad implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableLoad.class);

    /** @param remove statement that drops it @param build statement that makes it again */
    private record Index(String table, String name, String remove, String build) {}

    /** One statement's work on the connection. */
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    private final Connection connection;
    private List<Index> indexes = List.of();
    private int built;
    private Optional<CopyIn> copy = Optional.empty();
    private volatile boolean cancelled;

    private TableLoad(Connection connection) {
        this.connection = connection;
    }

    /** @param database whose connections wait as long as it takes */
    public static TableLoad begin(DataSource database) {
        try {
            Connection connection = database.getConnection();
            try {
                connection.setAutoCommit(false);
                try (Statement set = connection.createStatement()) {
                    set.execute(Sql.file("restore/begin.sql"));
                }
                return new TableLoad(connection);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new StorageException("beginning a restore", e);
        }
    }

    <T> T work(String doing, Work<T> work) {
        if (cancelled) {
            throw new StorageException(doing, new SQLException("stopped"));
        }
        try {
            return work.with(connection);
        } catch (SQLException e) {
            throw new StorageException(doing, e);
        }
    }

    void execute(String doing, String sql) {
        work(doing, with -> {
            try (Statement statement = with.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    /** @return rows that were changed @param arguments in order; arrays of long, int, String… stand for SQL arrays */
    int update(String file, Object... arguments) {
        return work("restoring by " + file, with -> {
            try (PreparedStatement update = with.prepareStatement(Sql.file(file))) {
                for (int i = 0; i < arguments.length; i++) {
                    update.setObject(i + 1, arguments[i]);
                }
                return update.executeUpdate();
            }
        });
    }

    /** Whether none of the tables has a row. */
    public boolean areEmpty(Collection<String> tables) {
        return tables.stream().noneMatch(table -> work("looking into " + table, with -> {
            try (Statement select = with.createStatement();
                    ResultSet rows = select.executeQuery("select exists (select from " + table + ")")) {
                rows.next();
                return rows.getBoolean(1);
            }
        }));
    }

    /** Empties tables and drops their indexes. New files take the rows, which are gone again should this not be committed. */
    public void clear(List<String> tables) {
        execute("emptying tables", "truncate " + String.join(", ", tables));
        indexes = work("looking for indexes", with -> {
            try (PreparedStatement select = with.prepareStatement(Sql.file("restore/indexes.sql"))) {
                select.setObject(1, tables.toArray(String[]::new));
                List<Index> found = new ArrayList<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        found.add(new Index(
                                rows.getString("table"), rows.getString("name"), rows.getString("remove"), rows.getString("build")));
                    }
                }
                return found;
            }
        });
        for (Index index : indexes) {
            execute("dropping " + index.name, index.remove);
        }
        built = 0;
    }

    /** Names of a table's columns, each with its form in SQL. */
    public Map<String, String> columns(String table) {
        return work("reading the columns of " + table, with -> {
            try (PreparedStatement select = with.prepareStatement(Sql.file("restore/columns.sql"))) {
                select.setString(1, table);
                Map<String, String> columns = new LinkedHashMap<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        columns.put(rows.getString(1), rows.getString(2));
                    }
                }
                return columns;
            }
        });
    }

    /**
     * Begins to take rows of a table that {@link #clear} has emptied, as COPY writes them.
     *
     * @param columns of {@link #columns}, in the order of the rows
     */
    public void beginRows(String table, List<String> columns) {
        Map<String, String> known = columns(table);
        String listed = String.join(", ", columns.stream().map(known::get).toList());
        // Frozen, as nobody sees them before all are there: vacuum need not write them once more.
        String sql = "copy " + table + " (" + listed + ") from stdin with (freeze)";
        copy = Optional.of(work("loading " + table, with -> with.unwrap(PGConnection.class).getCopyAPI().copyIn(sql)));
    }

    public void rows(byte[] bytes, int from, int count) {
        work("loading rows", with -> {
            copy.orElseThrow().writeToCopy(bytes, from, count);
            return count;
        });
    }

    /** @return rows that the table took */
    public long endRows() {
        CopyIn ending = copy.orElseThrow();
        copy = Optional.empty();
        return work("loading rows", with -> ending.endCopy());
    }

    /** Indexes that are to be built in all. */
    public int indexes() {
        return indexes.size();
    }

    public int builtIndexes() {
        return built;
    }

    /** @return whether one is left to {@link #buildIndex} */
    public boolean hasIndex() {
        return built < indexes.size();
    }

    public void buildIndex() {
        Index next = indexes.get(built++);
        execute("building " + next.name, next.build);
    }

    /** Lets the planner know what is in the tables. */
    public void analyze(List<String> tables) {
        execute("analyzing", "analyze " + String.join(", ", tables));
    }

    public void commit() {
        work("committing", with -> {
            with.commit();
            return true;
        });
    }

    /** Ends what is under way; from another thread. */
    public void cancel() {
        cancelled = true;
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            LOG.debug("the restore's connection was gone", e);
        }
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /** Leaves everything as it was, unless it was committed. */
    @Override
    public void close() {
        try (Connection closing = connection) {
            if (copy.filter(CopyIn::isActive).isPresent()) {
                copy.get().cancelCopy();
            }
            closing.rollback();
        } catch (SQLException e) {
            LOG.debug("the restore's connection was gone", e); // the server has rolled back by itself
        }
    }
}
