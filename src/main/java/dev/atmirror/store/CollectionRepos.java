package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.postgresql.PGStatement;

/** Accounts by the collections that their hosts say they hold, in the order of their numbers, which never change. */
public final class CollectionRepos {
    private static final int SECONDS = 20; // what takes longer holds up lookups

    private final DataSource database;

    public CollectionRepos(DataSource database) {
        this.database = database;
    }

    /** @param next number to go on behind; empty at the end */
    public record Page(List<String> dids, OptionalInt next) {}

    /**
     * Active accounts, as the host says that their document names.
     *
     * @param after number of the last account that is known; 0 for the first page
     */
    public Page list(String collection, int after, int limit) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file("repo/by-collection.sql"))) {
            // Unnamed, so that each collection gets its own plan; one for all is wrong for rare or for frequent ones.
            select.unwrap(PGStatement.class).setPrepareThreshold(0);
            select.setQueryTimeout(SECONDS);
            select.setString(1, collection);
            select.setInt(2, after);
            select.setInt(3, limit + 1); // one more says whether there is more
            try (ResultSet rows = select.executeQuery()) {
                return page(rows, limit);
            }
        } catch (SQLException e) {
            throw new StorageException("listing " + collection, e);
        }
    }

    private static Page page(ResultSet rows, int limit) throws SQLException {
        List<String> dids = new ArrayList<>();
        int last = 0;
        while (rows.next()) {
            if (dids.size() == limit) {
                return new Page(dids, OptionalInt.of(last));
            }
            dids.add(rows.getString("did"));
            last = rows.getInt("account");
        }
        return new Page(dids, OptionalInt.empty());
    }
}
