package dev.atmirror.app;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions of an at-mirror of an older version, which holds no lock that tells of its use ({@link FolderUse}): it may run on
 * while commands of the new version come and go. Sessions that began after this process entered are none of its.
 */
final class OlderSessions {
    private static final Logger LOG = LoggerFactory.getLogger(OlderSessions.class);
    private static final Duration LINGERING = Duration.ofSeconds(2); // sessions outlive a command that has just ended
    private static final Duration ASK_AGAIN = Duration.ofMillis(50);
    private static final String OLDER = "select exists (select from pg_stat_activity"
            + " where application_name like 'at-mirror%' and backend_start < ? and pid <> pg_backend_pid())";

    private OlderSessions() {}

    /** Whether any began before that moment and does not end soon. None where the server does not answer. */
    static boolean remain(Databases.Address address, Instant before) {
        Instant end = Instant.now().plus(LINGERING);
        try (Connection connection = Connecting.once(address);
                PreparedStatement select = connection.prepareStatement(OLDER)) {
            select.setObject(1, OffsetDateTime.ofInstant(before, ZoneOffset.UTC));
            while (any(select)) {
                if (Instant.now().isAfter(end)) {
                    return true;
                }
                Thread.sleep(ASK_AGAIN.toMillis());
            }
        } catch (SQLException e) {
            LOG.debug("the server does not tell its sessions", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true; // they may be in use: the next command to leave asks again
        }
        return false;
    }

    private static boolean any(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }
}
