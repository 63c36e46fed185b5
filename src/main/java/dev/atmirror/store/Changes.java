package dev.atmirror.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * What changed, in the order in which it was committed: operations by their number, results of checking handles by theirs.
 * Both are numbered so that nothing ever appears behind a number that was read (src/RATIONALE.md#changes).
 */
public final class Changes {
    private static final int SECONDS = 8;

    /** An account as an operation leaves it; under a tombstone all but that is empty. @param keys rotation keys, strongest first */
    public record State(
            boolean tombstone, Optional<String> handle, Optional<String> pds, List<String> keys, Optional<String> signingKey) {}

    /** @param before empty for a genesis @param undone whether a recovery took the operation back since */
    public record LogChange(long seq, Instant at, String did, boolean undone, Optional<State> before, State after) {}

    /** @param was and {@code is}: results as {@link CheckedHandle} names them @param pds of the operation that declares the handle */
    public record CheckChange(
            long seq,
            Instant at,
            String did,
            String handle,
            Optional<String> pds,
            String was,
            String is,
            Optional<String> pointsTo) {}

    /** The last numbers that there are; 0 for none. */
    public record Ends(long operations, long checks) {}

    private final DataSource database;

    public Changes(DataSource database) {
        this.database = database;
    }

    public Ends ends() {
        return query("change/ends.sql", select -> {}, rows -> new Ends(rows.getLong(1), rows.getLong(2))).get(0);
    }

    /** The operations behind a number, in order, changes or not. */
    public List<LogChange> operations(long after, int limit) {
        return query("change/log.sql", select -> bind(select, after, limit), Changes::logChange);
    }

    /** Those of some accounts alone. */
    public List<LogChange> operations(Collection<String> dids, long after, int limit) {
        return query(
                "change/log-of.sql",
                select -> {
                    select.setLong(1, after);
                    select.setArray(2, texts(select, dids));
                    select.setInt(3, limit);
                },
                Changes::logChange);
    }

    public List<CheckChange> checks(long after, int limit) {
        return query("change/handles.sql", select -> bind(select, after, limit), Changes::checkChange);
    }

    public List<CheckChange> checks(Collection<String> dids, long after, int limit) {
        return query(
                "change/handles-of.sql",
                select -> {
                    select.setLong(1, after);
                    select.setArray(2, texts(select, dids));
                    select.setInt(3, limit);
                },
                Changes::checkChange);
    }

    private static void bind(PreparedStatement select, long after, int limit) throws SQLException {
        select.setLong(1, after);
        select.setInt(2, limit);
    }

    private static Array texts(PreparedStatement select, Collection<String> texts) throws SQLException {
        return select.getConnection().createArrayOf("text", texts.toArray());
    }

    private static LogChange logChange(ResultSet rows) throws SQLException {
        boolean genesis = rows.getObject("before_id") == null;
        return new LogChange(
                rows.getLong("id"),
                PlcLog.instant(rows, "created_at"),
                rows.getString("did"),
                rows.getBoolean("nullified"),
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
                rows.getString("did"),
                rows.getString("handle"),
                filled(rows.getString("pds")),
                rows.getString("was"),
                rows.getString("result"),
                Optional.ofNullable(rows.getString("points_to")));
    }

    private static Optional<String> filled(String text) {
        return Optional.of(text).filter(t -> !t.isEmpty());
    }

    private <T> List<T> query(String file, PlcLog.Binder binder, PlcLog.Reader<T> reader) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file(file))) {
            select.setQueryTimeout(SECONDS);
            binder.bind(select);
            try (ResultSet rows = select.executeQuery()) {
                List<T> all = new ArrayList<>();
                while (rows.next()) {
                    all.add(reader.read(rows));
                }
                return all;
            }
        } catch (SQLException e) {
            throw new StorageException("reading changes", e);
        }
    }
}
