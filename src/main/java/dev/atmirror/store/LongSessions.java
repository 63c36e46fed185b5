package dev.atmirror.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Connections for work that takes hours, such as restores, dumps and migrations: none of the server's limits on the time of a
 * statement or transaction holds for them, whatever is set for the server, the database or the user.
 */
public final class LongSessions extends SearchPath.Plain {
    private static final long serialVersionUID = 1;

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        Connection connection = super.getConnection(user, password);
        try (Statement set = connection.createStatement()) {
            set.execute(Sql.file("session/without-limits.sql"));
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
