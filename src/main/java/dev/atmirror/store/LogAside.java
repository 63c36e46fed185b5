package dev.atmirror.store;

import dev.atmirror.identity.Json;
import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.OperationNote;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The log of a dump in a schema of its own, {@code at_mirror_restore}, for as long as its operations are gone through. Not
 * written ahead: a server that falls loses it, as does the next restore's beginning.
 */
public final class LogAside implements AutoCloseable {
    private static final String SCHEMA = "at_mirror_restore.";

    private final Connection connection;
    private final boolean numbered;
    private long last;

    /** @param notes of these operations */
    public record Page(List<ExportedOperation> operations, List<OperationNote> notes) {}

    /** @param numbered whether the dump's numbers are our upstream's, too */
    public LogAside(DataSource database, boolean numbered) {
        this.numbered = numbered;
        try {
            connection = database.getConnection();
        } catch (SQLException e) {
            throw new StorageException("opening the log of a dump", e);
        }
    }

    /** The table that takes the rows of another. */
    public static String aside(String table) {
        return SCHEMA + table;
    }

    /** Makes the tables, after what an earlier restore may have left. */
    public static void make(TableLoad load) {
        load.execute("making tables", Sql.file("restore/aside.sql"));
    }

    public static void addKeys(TableLoad load) {
        load.execute("building keys", Sql.file("restore/aside-keys.sql"));
    }

    public static void drop(TableLoad load) {
        load.update("restore/aside-drop.sql");
    }

    /** The next so many operations; none at the end. */
    public Page next(int size) {
        try (PreparedStatement select = connection.prepareStatement(Sql.file("restore/aside-page.sql"))) {
            select.setLong(1, last);
            select.setInt(2, size);
            Page page = new Page(new ArrayList<>(), new ArrayList<>());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    add(rows, page);
                }
            }
            return page;
        } catch (SQLException e) {
            throw new StorageException("reading the log of a dump", e);
        }
    }

    private void add(ResultSet rows, Page page) throws SQLException {
        last = rows.getLong("id");
        LeanOperation lean = LeanOperation.from(rows);
        com.fasterxml.jackson.databind.JsonNode operation;
        try {
            operation = lean.json(rows.getString("prev"));
        } catch (IllegalStateException e) {
            operation = Json.MAPPER.getNodeFactory().textNode(lean.odd().orElse(lean.keys())); // will be rejected as that
        }
        String did = rows.getString("did");
        String cid = rows.getString("cid");
        page.operations.add(new ExportedOperation(did, cid, PlcLog.instant(rows, "created_at"), numbered ? last : 0, operation));
        if (rows.getBoolean("noted")) {
            page.notes.add(new OperationNote(
                    did, cid, Optional.ofNullable(rows.getString("notes")).orElse(""), rows.getInt("filtered")));
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new StorageException("closing the log of a dump", e);
        }
    }
}
