package dev.atmirror.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where connections look for tables: names in our SQL bear no schema. What users query is in the schema that the address, the
 * user or the database chooses, by default {@code public}; what stands behind that is in {@link #INTERNAL}. So every connection of
 * ours has that one behind its search path, by {@link #SET}, and before a migration has made it, it does no harm.
 */
public final class SearchPath {
    /** The schema of tables and functions that users need not see. */
    public static final String INTERNAL = "atmirror_internal";

    /** The statement that each new connection runs first; again does no harm. */
    public static final String SET = Sql.file("schema/search-path.sql");

    private SearchPath() {}

    /** Connections without a pool. */
    public static PGSimpleDataSource plain() {
        return new Plain();
    }

    /** Each connection has the search path. */
    static class Plain extends PGSimpleDataSource {
        private static final long serialVersionUID = 1;

        /** The other getConnection leads here, too. */
        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            Connection connection = super.getConnection(user, password);
            try (Statement statement = connection.createStatement()) {
                statement.execute(SET);
                return connection;
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }
    }
}
