package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import javax.sql.DataSource;

/**
 * What changed, in the order in which it was committed: operations by their number, results of checking handles by theirs.
 * Both are numbered so that nothing ever appears behind a number that was read (src/RATIONALE.md#changes).
 */
public final class Changes {
    private static final int SECONDS = 8;
    private static final int READ_AT_ONCE = 5_000; // looked through for a rare change: some 50 ms

    /** An account as an operation leaves it; under a tombstone all but that is empty. @param keys rotation keys, strongest first */
    public record State(
            boolean tombstone, Optional<String> handle, Optional<String> pds, List<String> keys, Optional<String> signingKey) {}

    /**
     * @param nullified whether a recovery took the operation back since
     * @param backTo of a recovery: number of the operation behind which it took back all of the account's
     * @param before what was in force before it; empty for a genesis
     */
    public record LogChange(
            long seq, Instant at, String did, boolean nullified, Optional<Long> backTo, Optional<State> before, State after) {}

    /**
     * @param operation that declares the handle
     * @param was and {@code is}: results as {@link CheckedHandle} names them
     */
    public record CheckChange(
            long seq,
            Instant at,
            long operation,
            String did,
            String handle,
            String was,
            String is,
            Optional<String> pointsTo) {}

    /** The last numbers that there are; 0 for none. */
    public record Ends(long operations, long checks) {}

    /** What an operation must change. */
    public record LogKinds(boolean created, boolean handle, boolean pds, boolean key, boolean tombstone, boolean recovery) {
        boolean all() {
            return created && handle && pds && key && tombstone && recovery;
        }
    }

    /**
     * Which accounts.
     *
     * @param dids empty for all
     * @param hosts URLs of PDSes in lower case without a slash at the end, the one before or after the change; empty for all
     */
    public record Scope(Set<String> dids, Set<String> hosts) {}

    /** @param end number up to which all was looked at @param more whether there was more behind it */
    public record Stretch<T>(List<T> changes, long end, boolean more) {}

    private final DataSource database;

    public Changes(DataSource database) {
        this.database = database;
    }

    public Ends ends() {
        return read(Changes::ends);
    }

    /** Operations behind a number that change what is wanted, in order. */
    public Stretch<LogChange> operations(LogKinds kinds, Scope scope, long after, int limit) {
        boolean most = kinds.all() && scope.hosts().isEmpty();
        return read(connection -> {
            Stretch<LogChange> stretch = scope.dids().isEmpty()
                    ? stretch(connection, "change/log-stretch.sql", after, most ? limit : READ_AT_ONCE)
                    : new Stretch<>(List.of(), ends(connection).operations(), false);
            String file = scope.dids().isEmpty() ? "change/log.sql" : "change/log-of.sql";
            List<LogChange> found = all(
                    connection,
                    file,
                    select -> {
                        select.setBoolean(1, kinds.created());
                        select.setBoolean(2, kinds.handle());
                        select.setBoolean(3, kinds.pds());
                        select.setBoolean(4, kinds.key());
                        select.setBoolean(5, kinds.tombstone());
                        select.setBoolean(6, kinds.recovery());
                        bind(select, 7, scope, after, stretch.end(), limit);
                    },
                    Changes::logChange);
            return cut(stretch, found, limit, LogChange::seq);
        });
    }

    /** Changed results of checks behind a number, in order. */
    public Stretch<CheckChange> checks(Scope scope, long after, int limit) {
        return read(connection -> {
            Stretch<CheckChange> stretch = scope.dids().isEmpty()
                    ? stretch(connection, "change/checks-stretch.sql", after, scope.hosts().isEmpty() ? limit : READ_AT_ONCE)
                    : new Stretch<>(List.of(), ends(connection).checks(), false);
            String file = scope.dids().isEmpty() ? "change/checks.sql" : "change/checks-of.sql";
            List<CheckChange> found = all(
                    connection, file, select -> bind(select, 1, scope, after, stretch.end(), limit), Changes::checkChange);
            return cut(stretch, found, limit, CheckChange::seq);
        });
    }

    private static Ends ends(Connection connection) throws SQLException {
        return one(connection, "change/ends.sql", select -> {}, rows -> new Ends(rows.getLong(1), rows.getLong(2)));
    }

    private static <T> Stretch<T> stretch(Connection connection, String file, long after, int length) throws SQLException {
        return one(
                connection,
                file,
                select -> {
                    select.setLong(1, after);
                    select.setInt(2, length);
                },
                rows -> new Stretch<>(List.of(), Math.max(after, rows.getLong(1)), rows.getInt(2) == length));
    }

    /** As many as there may be: the rest of the stretch was not looked at. */
    private static <T> Stretch<T> cut(Stretch<T> stretch, List<T> found, int limit, ToLongFunction<T> number) {
        return found.size() < limit
                ? new Stretch<>(found, stretch.end(), stretch.more())
                : new Stretch<>(found, number.applyAsLong(found.get(limit - 1)), true);
    }

    /** The parameters that all four statements end with. */
    private static void bind(PreparedStatement select, int first, Scope scope, long after, long end, int limit)
            throws SQLException {
        int next = first;
        Object[] hosts = scope.hosts().toArray();
        select.setArray(next++, hosts.length == 0 ? null : select.getConnection().createArrayOf("text", hosts));
        select.setLong(next++, after);
        select.setLong(next++, end);
        if (!scope.dids().isEmpty()) {
            select.setArray(next++, select.getConnection().createArrayOf("text", scope.dids().toArray()));
        }
        select.setInt(next, limit);
    }

    private static LogChange logChange(ResultSet rows) throws SQLException {
        long prev = rows.getLong("prev");
        long before = rows.getLong("before_id");
        boolean genesis = rows.wasNull();
        return new LogChange(
                rows.getLong("id"),
                PlcLog.instant(rows, "created_at"),
                rows.getString("did"),
                rows.getBoolean("nullified"),
                genesis || prev == before ? Optional.empty() : Optional.of(prev),
                genesis ? Optional.empty() : Optional.of(state(rows, "before_")),
                state(rows, ""));
    }

    private static State state(ResultSet rows, String prefix) throws SQLException {
        List<String> keys = new ArrayList<>();
        String json = rows.getString(prefix + "keys");
        if (!json.isEmpty()) {
            LeanOperation.read(json).forEach(key -> keys.add(key.asText()));
        }
        return new State(
                rows.getString(prefix + "kind").equals("t"),
                filled(rows.getString(prefix + "handle")),
                filled(rows.getString(prefix + "pds")),
                List.copyOf(keys),
                filled(rows.getString(prefix + "signing_key")).map(key -> "did:key:" + key));
    }

    private static CheckChange checkChange(ResultSet rows) throws SQLException {
        return new CheckChange(
                rows.getLong("seq"),
                PlcLog.instant(rows, "at"),
                rows.getLong("operation"),
                rows.getString("did"),
                rows.getString("handle"),
                rows.getString("was"),
                rows.getString("result"),
                Optional.ofNullable(rows.getString("points_to")));
    }

    private static Optional<String> filled(String text) {
        return Optional.of(text).filter(t -> !t.isEmpty());
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T read(Work<T> work) {
        try (Connection connection = database.getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw new StorageException("reading changes", e);
        }
    }

    private static <T> T one(Connection connection, String file, PlcLog.Binder binder, PlcLog.Reader<T> reader)
            throws SQLException {
        return all(connection, file, binder, reader).get(0);
    }

    private static <T> List<T> all(Connection connection, String file, PlcLog.Binder binder, PlcLog.Reader<T> reader)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(Sql.file(file))) {
            select.setQueryTimeout(SECONDS);
            binder.bind(select);
            try (ResultSet rows = select.executeQuery()) {
                List<T> all = new ArrayList<>();
                while (rows.next()) {
                    all.add(reader.read(rows));
                }
                return all;
            }
        }
    }
}
