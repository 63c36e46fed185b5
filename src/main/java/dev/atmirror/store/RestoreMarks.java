package dev.atmirror.store;

import dev.atmirror.plc.FileReading;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** How far files are stored that are being restored, as the statement that stores a page notes it. */
public final class RestoreMarks {
    private final DataSource database;

    /** @param rows stored @param content digest of all lines up to there */
    public record Mark(long rows, String content) {}

    public RestoreMarks(DataSource database) {
        this.database = database;
    }

    /** Finds the mark of a file; empty where nothing of it is stored, or nobody knows what was read. */
    public Optional<Mark> find(String file) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file("sync/restore-mark.sql"))) {
            select.setString(1, FileReading.STAGE);
            select.setString(2, file);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new Mark(rows.getLong("seq"), rows.getString("content"))) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new StorageException("reading how far a file is restored", e);
        }
    }

    /** Forgets how far a file is stored, so that the next restore begins with its first row. */
    public void drop(String file) {
        try (Connection connection = database.getConnection();
                PreparedStatement delete = connection.prepareStatement(Sql.file("sync/drop-restore-mark.sql"))) {
            delete.setString(1, FileReading.STAGE);
            delete.setString(2, file);
            delete.executeUpdate();
        } catch (SQLException e) {
            throw new StorageException("forgetting how far a file is restored", e);
        }
    }
}
