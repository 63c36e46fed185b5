package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;

/**
 * How far the stages that ask hosts are, all hosts together, as counted when each was last visited: reading it costs
 * milliseconds whatever the number of accounts. Hosts that are dead have nothing left, since nobody asks them.
 *
 * @param hosts by state, in the order of {@link PdsHosts#STATES}
 * @param otherNames hosts that are other names of these
 * @param skipped endpoints of documents that name no host which may be asked
 * @param followed number of the operation up to which accounts were put down at their hosts
 * @param repos that the hosts' last full lists named
 * @param active of these
 * @param listsLeft hosts whose list is due
 * @param lastPass when a host's list was last read to its end
 * @param described about as many accounts have been described
 * @param records about as many are kept
 * @param handles as they were last counted
 * @param relay that was asked lately for the hosts that it knows
 */
public record CrawlSums(
        Map<String, Long> hosts,
        long otherNames,
        long skipped,
        OptionalLong followed,
        Optional<Instant> followedAt,
        long repos,
        long active,
        long listsLeft,
        Optional<Instant> lastPass,
        long described,
        long describeLeft,
        long records,
        long recordsLeft,
        HandleWork.Tally handles,
        Optional<Relay> relay) {
    /** The stage in {@code sync_cursors} under which it is noted how a relay answers. */
    public static final String RELAY_STAGE = "relay";

    /**
     * How a relay answers.
     *
     * @param lastError the last one, be it over; a verb and what follows, such as "refused the connection"
     * @param nextTryAt when it is asked again, where it failed last
     */
    public record Relay(
            String address, Instant lastAnswer, Optional<String> lastError, Optional<Instant> lastErrorAt, Optional<Instant> nextTryAt) {}

    public static CrawlSums read(DataSource database) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file("pds/sums.sql"));
                ResultSet rows = select.executeQuery()) {
            rows.next();
            return of(rows, new HandleWork(database).tally());
        } catch (SQLException e) {
            throw new StorageException("adding up what hosts have before them", e);
        }
    }

    private static CrawlSums of(ResultSet rows, HandleWork.Tally handles) throws SQLException {
        Map<String, Long> hosts = new LinkedHashMap<>();
        for (String state : PdsHosts.STATES) {
            hosts.put(state, rows.getLong(state));
        }
        long otherNames = rows.getLong("other_names");
        long skipped = rows.getLong("skipped");
        long followed = rows.getLong("followed");
        boolean noFollowed = rows.wasNull();
        return new CrawlSums(
                hosts,
                otherNames,
                skipped,
                noFollowed ? OptionalLong.empty() : OptionalLong.of(followed),
                PdsHosts.optional(rows, "followed_at"),
                rows.getLong("repos"),
                rows.getLong("active"),
                rows.getLong("lists_left"),
                PdsHosts.optional(rows, "last_pass"),
                rows.getLong("described"),
                rows.getLong("describe_left"),
                rows.getLong("records"),
                rows.getLong("records_left"),
                handles,
                relay(rows));
    }

    private static Optional<Relay> relay(ResultSet rows) throws SQLException {
        String address = rows.getString("relay");
        if (address == null) {
            return Optional.empty();
        }
        return Optional.of(new Relay(
                address,
                PlcLog.instant(rows, "relay_answered"),
                Optional.ofNullable(rows.getString("relay_error")),
                PdsHosts.optional(rows, "relay_error_at"),
                PdsHosts.optional(rows, "relay_next_try")));
    }
}
