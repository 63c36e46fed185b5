package dev.atmirror.store;

import dev.atmirror.plc.UpstreamAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cursors that an earlier version kept under host and port alone. The address that is configured when such a database is
 * first opened takes its cursor over, once; another directory on the same host then begins with a cursor of its own.
 */
public final class FormerCursors {
    private static final Logger LOG = LoggerFactory.getLogger(FormerCursors.class);

    private final DataSource database;

    public FormerCursors(DataSource database) {
        this.database = database;
    }

    /** Takes over what belongs to this address, in one statement; does nothing where that is done already. */
    public void takeOver(UpstreamAddress upstream) {
        String[] former = upstream.former().toArray(String[]::new);
        try (Connection connection = database.getConnection();
                PreparedStatement move = connection.prepareStatement(Sql.file("sync/take-over-cursor.sql"))) {
            move.setString(1, upstream.key());
            move.setObject(2, former);
            move.setString(3, upstream.key());
            move.setObject(4, former);
            move.setString(5, upstream.key());
            if (move.executeUpdate() > 0) {
                LOG.info("the cursor that an earlier version kept for the host alone is the cursor of {} now", upstream.url());
            }
        } catch (SQLException e) {
            throw new StorageException("taking over the cursor of an earlier version", e);
        }
    }
}
