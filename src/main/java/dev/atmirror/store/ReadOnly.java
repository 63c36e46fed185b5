package dev.atmirror.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Whether a database takes writes: a standby does not, nor does one whose {@code default_transaction_read_only} is on. */
public final class ReadOnly {
    /** An expression. A session keeps what it began with, so a new one may answer otherwise. */
    public static final String SQL = "(pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on')";

    private ReadOnly() {}

    /** Asks by a connection of its own. */
    public static boolean is(DataSource database) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select " + SQL)) {
            rows.next();
            return rows.getBoolean(1);
        } catch (SQLException e) {
            throw new StorageException("asking whether the database takes writes", e);
        }
    }

    /** @throws IllegalStateException where nothing can be written */
    public static void refuse(DataSource database) {
        if (is(database)) {
            throw new IllegalStateException("the database is read-only (a standby, or default_transaction_read_only is on);"
                    + " this command writes, so set atmirror.postgres.url to the database that takes writes");
        }
    }
}
