package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import javax.sql.DataSource;

/** How much the stages that ask hosts have before them, for whoever waits for their end. */
public final class CrawlWork {
    /**
     * What a run of a stage is about.
     *
     * @param now what is due by then is due
     * @param claim how far ahead claims reach: what a killed process had claimed is still to be done
     * @param only hosts; none means all
     * @param start hosts from here on
     */
    public record Scope(String stage, Instant now, Duration claim, List<String> only, String start) {
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
            String due = scope.now().toString();
            String claimed = scope.now().plus(scope.claim()).toString();
            set(select, scope.stage(), failures, scope.onlyHosts(), scope.onlyHosts(), scope.start(), scope.stage(), scope.stage(), due, due, claimed, claimed);
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
            set(select, scope.now().plus(scope.claim()).toString(), scope.onlyHosts(), scope.onlyHosts(), scope.start());
            return OptionalLong.of(number(select));
        } catch (SQLException e) {
            throw new StorageException("counting accounts", e);
        }
    }

    /** Makes due what would be due until then. Millions of accounts take minutes. */
    public void makeDue(Scope scope, Instant until) {
        String file =
                switch (scope.stage()) {
                    case "pds-hosts" -> "pds/make-hosts-due.sql";
                    case "pds-accounts" -> "pds/make-lists-due.sql";
                    case "describe-repo" -> "repo/make-due.sql";
                    default -> "record/make-due.sql";
                };
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(Sql.file(file))) {
            set(update, until.toString(), scope.onlyHosts(), scope.onlyHosts(), scope.start());
            if (file.endsWith("/make-due.sql")) {
                update.setLong(5, scope.claim().toSeconds());
            }
            update.executeUpdate();
        } catch (SQLException e) {
            throw new StorageException("making due what is old", e);
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
