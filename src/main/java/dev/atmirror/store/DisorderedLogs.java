package dev.atmirror.store;

import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.OperationNote;
import dev.atmirror.plc.Rejudging;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Logs of DIDs of which a file brought an operation behind a later one. The later one was then judged without it, and may
 * stand where it must not: it can be taken back, to be judged once more.
 */
public final class DisorderedLogs {
    private final DataSource database;
    private final PlcLog log;
    private final String file;

    /**
     * @param database whose connections wait as long as it takes
     * @param log by which the logs are read, one after the other
     * @param file as noted in {@code rejected_operations.host}
     */
    public DisorderedLogs(DataSource database, PlcLog log, String file) {
        this.database = database;
        this.log = log;
        this.file = file;
    }

    /** The next so many DIDs in their order. @param after the last of those before; empty for the first */
    public NavigableMap<String, Rejudging.Log> next(String after, int count) {
        Map<String, List<ExportedOperation>> rejected = new HashMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file("sync/disordered-of-file.sql"))) {
            select.setString(1, file);
            select.setObject(2, RejectedOperations.reasons());
            select.setString(3, after);
            select.setInt(4, count);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ExportedOperation operation = RejectedOperations.operation(rows);
                    rejected.computeIfAbsent(operation.did(), did -> new ArrayList<>()).add(operation);
                }
            }
        } catch (SQLException e) {
            throw new StorageException("looking for logs out of order", e);
        }
        NavigableMap<String, Rejudging.Log> logs = new TreeMap<>();
        rejected.forEach((did, operations) -> logs.put(did, new Rejudging.Log(stored(did), operations)));
        return logs;
    }

    /** All stored operations of a DID, in their order. */
    public List<ExportedOperation> stored(String did) {
        return log.log(did).stream()
                .map(entry -> new ExportedOperation(
                        did, entry.cid(), entry.createdAt(), 0, entry.operation().json()))
                .toList();
    }

    /** What may be taken now, in the order of time; to be closed. */
    public RejectedOperations rejected() {
        return RejectedOperations.of(database, file);
    }

    /**
     * Takes the logs of these DIDs out of the log and keeps their operations as rejected, in one statement.
     *
     * @return the notes on them, which go with them
     */
    public List<OperationNote> takeBack(Collection<List<ExportedOperation>> logs) {
        List<ExportedOperation> all = logs.stream().flatMap(List::stream).toList();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(Sql.file("sync/take-back.sql"))) {
            statement.setString(1, file);
            statement.setObject(2, all.stream().map(ExportedOperation::did).toArray(String[]::new));
            statement.setObject(3, all.stream().map(ExportedOperation::cid).toArray(String[]::new));
            statement.setObject(4, all.stream().map(o -> o.createdAt().toString()).toArray(String[]::new));
            statement.setObject(5, all.stream().map(o -> AsciiJson.write(o.operation())).toArray(String[]::new));
            List<OperationNote> notes = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    notes.add(new OperationNote(
                            rows.getString("did"), rows.getString("cid"), rows.getString("notes"), rows.getInt("filtered")));
                }
            }
            return notes;
        } catch (SQLException e) {
            throw new StorageException("taking back logs out of order", e);
        }
    }
}
