package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Where reading the log stands, as the database knows it: true for a mirror that runs elsewhere, and for one that is stopped. */
public final class SyncStatus {
    /**
     * @param kind seq, time or unknown
     * @param time greatest createdAt that is stored; {@link Instant#EPOCH} before the first
     * @param operations stored under this cursor
     * @param caughtUpAt last time when nothing was left to read
     * @param polledAt last answer of the host; {@link Instant#EPOCH} before the first
     */
    public record Cursor(
            String stage,
            String host,
            String kind,
            long seq,
            Instant time,
            long operations,
            Optional<Instant> caughtUpAt,
            Instant polledAt,
            Optional<String> lastError,
            Optional<Instant> lastErrorAt) {}

    /** Operations kept out of the log for one reason. */
    public record Rejections(String reason, long operations, Instant lastSeen) {}

    private final DataSource database;

    public SyncStatus(DataSource database) {
        this.database = database;
    }

    /** Of the operation log; the cursor that moved last comes first. */
    public List<Cursor> cursors() {
        return list("sync/cursors.sql", SyncStatus::cursor);
    }

    /** Of a row of {@code sync/cursors.sql}. */
    static Cursor cursor(ResultSet rows) throws SQLException {
        return new Cursor(
                rows.getString("stage"),
                rows.getString("host"),
                rows.getString("kind"),
                rows.getLong("seq"),
                PlcLog.instant(rows, "time"),
                rows.getLong("operations"),
                optional(rows, "caught_up_at"),
                PlcLog.instant(rows, "polled_at"),
                Optional.ofNullable(rows.getString("last_error")),
                optional(rows, "last_error_at"));
    }

    public List<Rejections> rejections() {
        return list("sync/rejections.sql", rows -> new Rejections(
                rows.getString("reason"), rows.getLong("operations"), PlcLog.instant(rows, "last_seen")));
    }

    /** Makes one record of the present row. */
    interface Row<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private <T> List<T> list(String file, Row<T> row) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file(file));
                ResultSet rows = select.executeQuery()) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(row.read(rows));
            }
            return all;
        } catch (SQLException e) {
            throw new StorageException("reading the state of the stages", e);
        }
    }

    private static Optional<Instant> optional(ResultSet rows, String column) throws SQLException {
        return Optional.ofNullable(rows.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
