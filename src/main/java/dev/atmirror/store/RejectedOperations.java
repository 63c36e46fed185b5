package dev.atmirror.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.atmirror.identity.Json;
import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.Rejection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;

/**
 * What was kept out of the log when a file was read, and may belong into it once all of the file is known: in the order of
 * time, in which an operation follows the one that it builds on.
 */
public final class RejectedOperations implements AutoCloseable {
    private static final int FETCHED_AT_ONCE = 1_000;

    private final Connection connection;
    private final PreparedStatement select;
    private final ResultSet rows;

    private RejectedOperations(Connection connection, String file) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false); // or all rows would come at once
        connection.setReadOnly(true);
        select = connection.prepareStatement(Sql.file("sync/rejected-of-file.sql"));
        select.setFetchSize(FETCHED_AT_ONCE);
        select.setString(1, file);
        select.setObject(2, reasons());
        rows = select.executeQuery();
    }

    /** Of all that depends on other operations, as names of reasons. */
    static String[] reasons() {
        return Arrays.stream(Rejection.values())
                .filter(Rejection::dependsOnOthers)
                .map(Rejection::name)
                .toArray(String[]::new);
    }

    static RejectedOperations of(DataSource database, String file) {
        try {
            Connection connection = database.getConnection();
            try {
                return new RejectedOperations(connection, file);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new StorageException("reading rejected operations", e);
        }
    }

    /** The next so many; fewer, or none, at the end. */
    public List<ExportedOperation> next(int count) {
        try {
            List<ExportedOperation> next = new ArrayList<>();
            while (next.size() < count && rows.next()) {
                next.add(operation(rows));
            }
            return next;
        } catch (SQLException e) {
            throw new StorageException("reading rejected operations", e);
        }
    }

    static ExportedOperation operation(ResultSet rows) throws SQLException {
        try {
            return new ExportedOperation(
                    rows.getString("did"),
                    rows.getString("cid"),
                    PlcLog.instant(rows, "created_at"),
                    rows.getLong("seq"),
                    Json.parse(rows.getString("operation")));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored JSON does not parse", e);
        }
    }

    @Override
    public void close() {
        try (Connection closing = connection;
                PreparedStatement statement = select) {
            closing.rollback();
        } catch (SQLException e) {
            throw new StorageException("reading rejected operations", e);
        }
    }
}
