package dev.atmirror.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Sessions of restores, dumps and migrations at a server that limits all others (issue 12, E33). */
class LongSessionsIT {
    private static final String LIMITS = "select count(*) filter (where setting <> '0') || ' of ' || count(*) from pg_settings"
            + " where name in ('statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout')";

    @Test
    void session_atAServerWithLimits_hasNone() throws SQLException {
        TestDatabase database = TestDatabase.create();
        String name = database.ask("select current_database()");
        database.run("alter database " + name + " set statement_timeout = '2s'");
        database.run("alter database " + name + " set idle_in_transaction_session_timeout = '2s'");
        boolean knowsTransactions = database.number("select count(*) from pg_settings where name = 'transaction_timeout'") > 0;
        if (knowsTransactions) {
            database.run("alter database " + name + " set transaction_timeout = '2s'");
        }
        String all = knowsTransactions ? "3" : "2";
        assertThat(database.ask(LIMITS)).as("of others").isEqualTo(all + " of " + all);
        LongSessions sessions = new LongSessions();
        sessions.setUrl(database.url());
        try (Connection connection = sessions.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LIMITS)) {
            rows.next();
            assertThat(rows.getString(1)).isEqualTo("0 of " + all);
        }
    }
}
