package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Declared handles by their beginning, or by what their first label looks like (src/RATIONALE.md#searching-handles). */
public final class HandleSearch {
    private static final int SECONDS = 1; // whoever types has gone on by then

    private final DataSource database;

    public HandleSearch(DataSource database) {
        this.database = database;
    }

    /** @param active as its host says; empty while it has not said @param result as {@link CheckedHandle} names them */
    public record Found(String handle, String did, Optional<Boolean> active, String result) {}

    /**
     * Handles that begin so, verified ones first, those last whose account is not active.
     *
     * @param prefix lower case, of the characters of a handle: a to z, digits, '-' and '.'
     */
    public List<Found> byPrefix(String prefix, int limit) {
        return query("search/by-prefix.sql", select -> {
            select.setString(1, prefix);
            select.setInt(2, limit);
            select.setInt(3, limit);
        });
    }

    /** Handles whose first label begins or ends as this one does, and has half of the trigrams of both in common. */
    public List<Found> bySimilarity(String label, int limit) {
        return query("search/by-similarity.sql", select -> {
            select.setString(1, label);
            select.setInt(2, limit);
        });
    }

    private List<Found> query(String file, PlcLog.Binder binder) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file(file))) {
            select.setQueryTimeout(SECONDS);
            binder.bind(select);
            try (ResultSet rows = select.executeQuery()) {
                List<Found> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(new Found(
                            rows.getString("handle"),
                            rows.getString("did"),
                            Optional.ofNullable(rows.getObject("active", Boolean.class)),
                            rows.getString("result")));
                }
                return found;
            }
        } catch (SQLException e) {
            if (Sql.isCancelled(e)) {
                return List.of();
            }
            throw new StorageException("searching handles", e);
        }
    }
}
