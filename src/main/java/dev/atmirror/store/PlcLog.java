package dev.atmirror.store;

import dev.atmirror.identity.Cid;
import dev.atmirror.identity.Did;
import dev.atmirror.identity.PlcOperation;
import dev.atmirror.plc.DidLog;
import dev.atmirror.plc.LogCursor;
import dev.atmirror.plc.LogStore;
import dev.atmirror.plc.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** Reads the stored log. Every lookup goes by an index; an unknown DID is an empty answer, a failure an exception. */
public final class PlcLog implements LogStore {
    /** One stored operation. */
    public record Entry(
            long id, String did, String cid, Instant createdAt, boolean nullified, PlcOperation operation) {}

    private final DataSource database;
    private final Map<String, List<String>> keyLists = new ConcurrentHashMap<>();
    private static final int KEY_LISTS = 20_000;

    public PlcLog(DataSource database) {
        this.database = database;
    }

    @Override
    public Optional<Position> position(String upstreamHost) {
        return position(LogCursor.STAGE, upstreamHost);
    }

    /** The same for any reading, as {@link dev.atmirror.plc.Reading} names its row. */
    public Optional<Position> position(String stage, String host) {
        return query(
                "reading the cursor",
                Sql.file("plc/position.sql"),
                select -> {
                    select.setString(1, stage);
                    select.setString(2, host);
                },
                rows -> rows.next()
                        ? Optional.of(new Position(
                                Position.Kind.valueOf(rows.getString("kind").toUpperCase(Locale.ROOT)),
                                rows.getLong("seq"),
                                instant(rows, "time")))
                        : Optional.empty());
    }

    @Override
    public Numbers numbers() {
        return query("reading the last numbers", Sql.file("plc/numbers.sql"), select -> {}, rows -> {
            rows.next();
            return new Numbers(rows.getLong(1), rows.getInt(2));
        });
    }

    @Override
    public Map<String, DidLog> logs(Collection<String> dids) {
        String[] plc = dids.stream().filter(Did::isPlc).toArray(String[]::new);
        return query("reading logs", Sql.file("plc/logs.sql"), select -> select.setObject(1, plc), rows -> {
            Map<String, DidLog> logs = new HashMap<>();
            while (rows.next()) {
                int account = rows.getInt("account");
                logs.computeIfAbsent(rows.getString("did"), did -> new DidLog(account))
                        .add(
                                new DidLog.Entry(
                                        rows.getLong("id"),
                                        rows.getString("cid"),
                                        instant(rows, "created_at"),
                                        rows.getString("kind").equals("t"),
                                        keyList(rows.getString("keys")),
                                        rows.getInt("signer")),
                                rows.getBoolean("nullified"));
            }
            return logs;
        });
    }

    /** Whether everything that an upstream had was stored once. */
    public boolean hasCaughtUp() {
        return query("reading the cursors", Sql.file("plc/caught-up.sql"), select -> {}, rows -> {
            rows.next();
            return rows.getBoolean(1);
        });
    }

    /** The operation in force: the last that is not nullified, be it a tombstone. */
    public Optional<Entry> head(String did) {
        return entries("plc/head.sql", did).stream().findFirst();
    }

    /** All operations of a DID in order, nullified ones included; empty for an unknown DID. */
    public List<Entry> log(String did) {
        return entries("plc/log.sql", did);
    }

    private List<Entry> entries(String file, String did) {
        if (!Did.isPlc(did)) {
            return List.of();
        }
        return query("reading the log of " + did, Sql.file(file), select -> select.setString(1, did), rows -> {
            List<Entry> entries = new ArrayList<>();
            while (rows.next()) {
                entries.add(entry(did, rows));
            }
            return entries;
        });
    }

    private static Entry entry(String did, ResultSet rows) throws SQLException {
        LeanOperation lean = LeanOperation.from(rows);
        return new Entry(
                rows.getLong("id"),
                did,
                Cid.PREFIX + rows.getString("cid"),
                instant(rows, "created_at"),
                rows.getBoolean("nullified"),
                PlcOperation.of(lean.json(rows.getString("prev"))));
    }

    private List<String> keyList(String json) {
        if (json.isEmpty()) {
            return List.of();
        }
        if (keyLists.size() > KEY_LISTS) {
            keyLists.clear();
        }
        return keyLists.computeIfAbsent(json, text -> {
            List<String> keys = new ArrayList<>();
            LeanOperation.read(text).forEach(key -> keys.add(key.textValue()));
            return List.copyOf(keys);
        });
    }

    static Instant instant(ResultSet rows, String column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** Sets a statement's parameters. */
    interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /** Reads a result. */
    interface Reader<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private <T> T query(String doing, String sql, Binder binder, Reader<T> reader) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            binder.bind(select);
            try (ResultSet rows = select.executeQuery()) {
                return reader.read(rows);
            }
        } catch (SQLException e) {
            throw new StorageException(doing, e);
        }
    }
}
