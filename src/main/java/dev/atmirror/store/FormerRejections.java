package dev.atmirror.store;

import dev.atmirror.plc.VerifiedPage;
import dev.atmirror.plc.VerifiedPage.Accepted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Operations that were rejected once and are accepted now, such as one that came before its {@code prev}: the statement
 * that stores them takes their rows out of {@code rejected_operations}.
 *
 * <p>A log that is read forwards holds none, so only what is no newer than the newest rejection is looked up. A rejection
 * for a CID that is not the operation's, or that was never computed, is no rejection of this operation and stays.
 */
public final class FormerRejections {
    private final DataSource database;
    private Optional<Instant> newest = Optional.empty(); // not asked yet

    public FormerRejections(DataSource database) {
        this.database = database;
    }

    /** After a failure, when another process may have written. */
    public synchronized void forget() {
        newest = Optional.empty();
    }

    /** Adds the parameters of {@code sql/plc/append-page.sql} that name the rows to take out. */
    public synchronized void putInto(Map<String, Object> parameters, VerifiedPage page) {
        Instant until = newest.orElseGet(this::ask);
        List<Accepted> candidates =
                page.accepted().stream().filter(a -> !a.createdAt().isAfter(until)).toList();
        parameters.put("pardonedDids", candidates.stream().map(Accepted::did).toArray(String[]::new));
        parameters.put("pardonedCids", candidates.stream().map(Accepted::cid).toArray(String[]::new));
        newest = Optional.of(page.rejected().stream()
                .map(rejected -> rejected.operation().createdAt())
                .filter(until::isBefore)
                .max(Instant::compareTo)
                .orElse(until));
    }

    private Instant ask() {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file("plc/newest-rejection.sql"));
                ResultSet rows = select.executeQuery()) {
            rows.next();
            return rows.getTimestamp(1).toInstant();
        } catch (SQLException e) {
            throw new StorageException("asking for the newest rejection", e);
        }
    }
}
