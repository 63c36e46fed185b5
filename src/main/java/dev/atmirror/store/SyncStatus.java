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
     * @param nextTryAt when a host that failed last is asked again; empty while it answers
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
            Optional<Instant> lastErrorAt,
            Optional<Instant> nextTryAt) {}

    /** Operations kept out of the log for one reason. */
    public record Rejections(String reason, long operations, Instant lastSeen) {}

    /**
     * A line of an upstream that could not be read and is asked for again.
     *
     * @param seq sequence number behind which it follows; 0 where the upstream is read by time
     * @param time createdAt behind which it follows; {@link Instant#EPOCH} where the upstream is read by number
     * @param line its beginning
     * @param all lines of this kind there are
     */
    public record Unreadable(
            long id, String host, long seq, Instant time, Instant firstSeen, Instant retryAt, String line, long all) {}

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
                optional(rows, "last_error_at"),
                optional(rows, "next_try_at"));
    }

    public List<Rejections> rejections() {
        return list("sync/rejections.sql", rows -> new Rejections(
                rows.getString("reason"), rows.getLong("operations"), PlcLog.instant(rows, "last_seen")));
    }

    /** The first so many lines of upstreams that could not be read and are asked for again. */
    public List<Unreadable> unreadable(int most) {
        return list("sync/unreadable.sql", select -> select.setInt(1, most), rows -> new Unreadable(
                rows.getLong("id"),
                rows.getString("host"),
                rows.getLong("seq"),
                PlcLog.instant(rows, "created_at"),
                PlcLog.instant(rows, "first_seen"),
                PlcLog.instant(rows, "retry_at"),
                rows.getString("line"),
                rows.getLong("lines")));
    }

    /** Asks no more for lines that cannot be read; they stay in rejected_operations. @return ids of those concerned */
    public List<Long> dismiss(boolean all, List<Long> ids) {
        return list(
                "sync/dismiss.sql",
                update -> {
                    update.setBoolean(1, all);
                    update.setObject(2, ids.stream().mapToLong(Long::longValue).toArray());
                },
                rows -> rows.getLong("id"));
    }

    /** Makes one record of the present row. */
    interface Row<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private <T> List<T> list(String file, Row<T> row) {
        return list(file, select -> {}, row);
    }

    private <T> List<T> list(String file, PlcLog.Binder binder, Row<T> row) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file(file))) {
            binder.bind(select);
            List<T> all = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    all.add(row.read(rows));
                }
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
