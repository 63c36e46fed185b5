package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;

/** How much the stage that checks handles has before it, and what it found so far. */
public final class HandleWork {
    private final DataSource database;

    /** @param database whose connections wait for minutes, as counting 60 million rows may take them */
    public HandleWork(DataSource database) {
        this.database = database;
    }

    /** Handles that are due by then, those that are claimed included. */
    public long left(Instant until) {
        return number("handle/left.sql", until, 2);
    }

    /** Parents that have something due by then, or may have. Takes milliseconds. */
    public long parents(Instant until) {
        return number("handle/waiting-parents.sql", until, 1);
    }

    private long number(String file, Instant until, int times) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file(file))) {
            for (int i = 1; i <= times; i++) {
                select.setString(i, until.toString());
            }
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new StorageException("counting handles that are due", e);
        }
    }

    /** Makes due what was checked before then. @param claim how far ahead claims reach, which stay */
    public void makeDue(Instant before, Duration claim) {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(Sql.file("handle/make-due.sql"))) {
            update.setString(1, before.toString());
            update.setLong(2, claim.toSeconds());
            update.executeUpdate();
        } catch (SQLException e) {
            throw new StorageException("making due what is old", e);
        }
    }

    /** Counts the handles for {@link #tally}. */
    public void count() {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(Sql.file("handle/count.sql"))) {
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new StorageException("counting handles", e);
        }
    }

    /**
     * Handles as they were last counted.
     *
     * @param results accounts by result, as {@code handle_result} names it; empty before the first count
     * @param left due then
     * @param followed number of the operation up to which the log was read for handles
     */
    public record Tally(Map<String, Long> results, long left, Optional<Instant> countedAt, OptionalLong followed) {
        /** All that were ever checked. */
        public long checked() {
            return results.entrySet().stream()
                    .filter(result -> !result.getKey().equals("unchecked"))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
    }

    /** Takes milliseconds. */
    public Tally tally() {
        Map<String, Long> results = new LinkedHashMap<>();
        long left = 0;
        Optional<Instant> countedAt = Optional.empty();
        OptionalLong followed = OptionalLong.empty();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file("handle/tally.sql"));
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                results.put(rows.getString("result"), rows.getLong("accounts"));
                left += rows.getLong("due");
                countedAt = PdsHosts.optional(rows, "counted_at");
                long seq = rows.getLong("followed");
                followed = rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(seq);
            }
            return new Tally(results, left, countedAt, followed);
        } catch (SQLException e) {
            throw new StorageException("reading how many handles were checked", e);
        }
    }
}
