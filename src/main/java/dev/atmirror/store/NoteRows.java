package dev.atmirror.store;

import dev.atmirror.identity.Cid;
import dev.atmirror.plc.OperationNote;
import dev.atmirror.plc.VerifiedPage;
import dev.atmirror.plc.VerifiedPage.Accepted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Finds the numbers of the operations that a page has notes on: of the page itself, or stored before. Notes on what is
 * kept out of the log have nowhere to stand and go.
 */
final class NoteRows {
    private final DataSource database;

    NoteRows(DataSource database) {
        this.database = database;
    }

    /** One operation, as strangers cannot choose it: both names of it. */
    private record Claim(String did, String cid) {}

    /** Adds the parameters of {@code sql/plc/append-page.sql} that hold the notes. */
    void putInto(Map<String, Object> parameters, VerifiedPage verified) {
        Map<Long, OperationNote> found = find(verified);
        parameters.put("noteIds", found.keySet().stream().mapToLong(Long::longValue).toArray());
        parameters.put(
                "notes",
                found.values().stream().map(note -> storable(note.notes())).toArray(String[]::new));
        parameters.put("noteMarks", found.values().stream().mapToInt(OperationNote::filtered).toArray());
    }

    private static String storable(String notes) {
        return notes.replace('\0', '\ufffd');
    }

    private Map<Long, OperationNote> find(VerifiedPage verified) {
        Map<Claim, OperationNote> wanted = new LinkedHashMap<>();
        verified.page().notes().forEach(note -> wanted.put(new Claim(note.did(), note.cid()), note));
        Map<Long, OperationNote> found = new HashMap<>();
        if (wanted.isEmpty()) {
            return found;
        }
        for (Accepted operation : verified.accepted()) {
            OperationNote note = wanted.remove(new Claim(operation.did(), operation.cid()));
            if (note != null) {
                found.put(operation.id(), note);
            }
        }
        if (!wanted.isEmpty()) {
            findStored(wanted, found);
        }
        return found;
    }

    private void findStored(Map<Claim, OperationNote> wanted, Map<Long, OperationNote> found) {
        List<String> cids = new ArrayList<>();
        wanted.keySet().stream().map(Claim::cid).filter(cid -> cid.startsWith(Cid.PREFIX)).forEach(cids::add);
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file("plc/by-cid.sql"))) {
            select.setObject(1, cids.toArray(String[]::new));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    OperationNote note = wanted.get(new Claim(rows.getString("did"), rows.getString("cid")));
                    if (note != null) {
                        found.put(rows.getLong("id"), note);
                    }
                }
            }
        } catch (SQLException e) {
            throw new StorageException("looking up operations with notes", e);
        }
    }
}
