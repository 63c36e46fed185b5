package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** The hosts of accounts, as the stages that ask them left them. */
public final class PdsHosts {
    /** In the order of a host's life. */
    public static final List<String> STATES = List.of("new", "live", "failing", "dead");

    private static final int COUNTING_SECONDS = 5; // the largest host known takes one

    /**
     * @param id grows with each host that is found
     * @param pds such as {@code https://pds.example}
     * @param leader host of which this is another name: that one is asked in its place
     * @param state one of {@link #STATES}
     * @param software as the host itself says
     * @param server its answer to describeServer, as JSON
     * @param failures visits that failed in a row
     * @param waitsUntil when it may be asked again, where that is to come
     * @param passes full lists begun
     */
    public record Host(
            int id,
            String pds,
            String operator,
            Optional<Leader> leader,
            List<String> sources,
            String state,
            Optional<String> software,
            Optional<String> server,
            Instant firstSeen,
            Optional<Instant> lastSuccess,
            Optional<String> lastError,
            Optional<Instant> lastErrorAt,
            int failures,
            Optional<Instant> waitsUntil,
            int passes,
            Optional<Instant> passStarted,
            Optional<Instant> passFinished,
            Counts counts) {}

    /** The host that answers for all its names. */
    public record Leader(int id, String pds) {}

    /**
     * As counted when the host was last visited.
     *
     * @param repos that its last full list named
     * @param active of these
     * @param describeLeft accounts that are due for describeRepo
     * @param recordsLeft accounts whose records are due
     */
    public record Counts(long repos, long active, long describeLeft, long recordsLeft) {}

    private final DataSource database;

    public PdsHosts(DataSource database) {
        this.database = database;
    }

    /**
     * Hosts in the order in which they were found.
     *
     * @param state of {@link #STATES}; empty for all
     * @param after the id of the last host that is known; 0 for the first page
     */
    public List<Host> list(Optional<String> state, int after, int limit) {
        return hosts("pds/hosts.sql", select -> {
            select.setString(1, state.orElse(null));
            select.setString(2, state.orElse(null));
            select.setInt(3, after);
            select.setInt(4, limit);
        });
    }

    /** Those with most accounts first. */
    public List<Host> largest(int limit) {
        return hosts("pds/largest-hosts.sql", select -> select.setInt(1, limit));
    }

    /** @param spellings URLs of the host; the first that is known wins */
    public Optional<Host> find(List<String> spellings) {
        return hosts("pds/host.sql", select -> {
                    var urls = select.getConnection().createArrayOf("text", spellings.toArray());
                    select.setArray(1, urls);
                    select.setArray(2, urls);
                })
                .stream()
                .findFirst();
    }

    /** How many repos of a host have which status, most first. @return empty when counting takes too long */
    public Optional<Map<String, Long>> statuses(Host host) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file("repo/statuses.sql"))) {
            select.setInt(1, host.id());
            select.setQueryTimeout(COUNTING_SECONDS);
            try (ResultSet rows = select.executeQuery()) {
                Map<String, Long> statuses = new LinkedHashMap<>();
                while (rows.next()) {
                    statuses.put(rows.getString("status"), rows.getLong("repos"));
                }
                return Optional.of(statuses);
            }
        } catch (SQLException e) {
            if (Sql.isCancelled(e)) {
                return Optional.empty();
            }
            throw new StorageException("counting repos", e);
        }
    }

    /** Sets a statement's parameters. */
    private interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    private List<Host> hosts(String file, Binder binder) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file(file))) {
            binder.bind(select);
            try (ResultSet rows = select.executeQuery()) {
                List<Host> hosts = new ArrayList<>();
                while (rows.next()) {
                    hosts.add(host(rows));
                }
                return hosts;
            }
        } catch (SQLException e) {
            throw new StorageException("reading hosts", e);
        }
    }

    private static Host host(ResultSet rows) throws SQLException {
        return new Host(
                rows.getInt("id"),
                rows.getString("pds"),
                rows.getString("operator"),
                leader(rows),
                List.of((String[]) rows.getArray("sources").getArray()),
                rows.getString("state"),
                Optional.ofNullable(rows.getString("software")),
                Optional.ofNullable(rows.getString("server")),
                PlcLog.instant(rows, "first_seen"),
                optional(rows, "last_success"),
                Optional.ofNullable(rows.getString("last_error")),
                optional(rows, "last_error_at"),
                rows.getInt("failures"),
                rows.getBoolean("waits") ? optional(rows, "next_try") : Optional.empty(),
                rows.getInt("pass"),
                optional(rows, "pass_started"),
                optional(rows, "pass_finished"),
                new Counts(
                        rows.getLong("repos"),
                        rows.getLong("active_repos"),
                        rows.getLong("describe_left"),
                        rows.getLong("records_left")));
    }

    private static Optional<Leader> leader(ResultSet rows) throws SQLException {
        String pds = rows.getString("leader_pds");
        return pds == null ? Optional.empty() : Optional.of(new Leader(rows.getInt("leader"), pds));
    }

    static Optional<Instant> optional(ResultSet rows, String column) throws SQLException {
        return Optional.ofNullable(rows.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
