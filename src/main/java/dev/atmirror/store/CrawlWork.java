package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import javax.sql.DataSource;

/** How much the stages that ask hosts have before them, for whoever waits for their end. */
public final class CrawlWork {
    /**
     * What a run of a stage is about.
     *
     * @param due what is due before then
     * @param only hosts; none means all
     * @param start hosts from here on
     */
    public record Scope(String stage, Instant due, List<String> only, String start) {
        private String[] onlyHosts() {
            return only.isEmpty() ? null : only.toArray(String[]::new);
        }
    }

    private final DataSource database;

    public CrawlWork(DataSource database) {
        this.database = database;
    }

    /** Hosts still to be asked, by this process or another. @param failures hosts that failed as often in a row do not count */
    public long hosts(Scope scope, int failures) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file("pds/waiting-hosts.sql"))) {
            String due = scope.due().toString();
            set(select, scope.stage(), failures, scope.onlyHosts(), scope.onlyHosts(), scope.start(), scope.stage(), due, due, due, due);
            return number(select);
        } catch (SQLException e) {
            throw new StorageException("counting hosts", e);
        }
    }

    /** Accounts still to be asked for; empty for a stage that does not go through accounts. May take seconds. */
    public OptionalLong accounts(Scope scope) {
        String file =
                switch (scope.stage()) {
                    case "describe-repo" -> "repo/left-to-describe.sql";
                    case "recent-records" -> "record/left-to-fetch.sql";
                    default -> "";
                };
        if (file.isEmpty()) {
            return OptionalLong.empty();
        }
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file(file))) {
            set(select, scope.due().toString(), scope.onlyHosts(), scope.onlyHosts(), scope.start());
            return OptionalLong.of(number(select));
        } catch (SQLException e) {
            throw new StorageException("counting accounts", e);
        }
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                statement.setNull(i + 1, java.sql.Types.ARRAY);
            } else {
                statement.setObject(i + 1, values[i]);
            }
        }
    }

    private static long number(PreparedStatement select) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Gives hosts back at once that this process asked, instead of when its leases end. */
    public void release(String owner) {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(Sql.file("pds/release-leases.sql"))) {
            update.setString(1, owner);
            update.executeUpdate();
        } catch (SQLException e) {
            throw new StorageException("giving hosts back", e);
        }
    }
}
