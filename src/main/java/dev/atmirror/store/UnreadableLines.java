package dev.atmirror.store;

import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.UnreadablePlace;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Lines of an upstream that could not be read and are asked for again, as {@code rejected_operations} keeps them. A place is
 * claimed by moving the time of its next question, so a crash or a failed question costs one turn and no line.
 */
public final class UnreadableLines {
    /** Operations of a page's accounts that are judged again at once; the directory takes some hundred of an account. */
    private static final int MOST_REJECTED = 10_000;

    private final DataSource database;
    private final Duration askAgainAfter;

    /** @param askAgainAfter until a line is asked for again for the first time; each further time takes twice as long */
    public UnreadableLines(DataSource database, Duration askAgainAfter) {
        this.database = database;
        this.askAgainAfter = askAgainAfter;
    }

    /** Tells whether any line of this upstream is due. */
    public boolean isDue(String host) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file("plc/unreadable-due.sql"))) {
            select.setString(1, host);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        } catch (SQLException e) {
            throw new StorageException("looking for lines to ask again for", e);
        }
    }

    /** Claims the place that is due the longest; empty where none is. */
    public Optional<UnreadablePlace> claim(String host) {
        try (Connection connection = database.getConnection();
                PreparedStatement claim = connection.prepareStatement(Sql.file("plc/claim-unreadable.sql"))) {
            claim.setString(1, host);
            claim.setString(2, host);
            claim.setLong(3, askAgainAfter.toSeconds());
            claim.setString(4, host);
            List<Long> ids = new ArrayList<>();
            int lines = 0;
            long seq = 0;
            Instant time = Instant.EPOCH;
            try (ResultSet rows = claim.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getLong("id"));
                    lines = rows.getInt("lines");
                    seq = rows.getLong("seq");
                    time = PlcLog.instant(rows, "created_at");
                }
            }
            return ids.isEmpty() ? Optional.empty() : Optional.of(new UnreadablePlace(ids, lines, seq, time));
        } catch (SQLException e) {
            throw new StorageException("claiming lines to ask again for", e);
        }
    }

    /** Makes lines due at once. @param ids of lines that are asked for again */
    public void makeDue(Collection<Long> ids) {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(Sql.file("plc/unreadable-at-once.sql"))) {
            update.setObject(1, ids.stream().mapToLong(Long::longValue).toArray());
            update.executeUpdate();
        } catch (SQLException e) {
            throw new StorageException("noting lines to ask again for", e);
        }
    }

    /** Finds what was kept out of the logs of these DIDs and may be judged otherwise now, in the order of time. */
    public List<ExportedOperation> findRejected(Collection<String> dids) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file("plc/rejected-of-dids.sql"))) {
            select.setObject(1, dids.stream()
                    .map(did -> DigestUtils.md5Hex(did.getBytes(StandardCharsets.UTF_8)))
                    .toArray(String[]::new));
            select.setObject(2, dids.toArray(String[]::new));
            select.setObject(3, RejectedOperations.reasons());
            select.setInt(4, MOST_REJECTED);
            List<ExportedOperation> operations = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    operations.add(RejectedOperations.operation(rows));
                }
            }
            return operations;
        } catch (SQLException e) {
            throw new StorageException("looking for rejected operations", e);
        }
    }
}
