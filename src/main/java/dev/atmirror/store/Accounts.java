package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** The present state of accounts, by DID or by the handle that they declare. */
public final class Accounts {
    private static final int SECONDS = 8; // a handle that very many claim; the connection's patience ends at 10

    /**
     * @param handle as declared; a claim until it is verified
     * @param active as the host says that the document names; empty while it has not said
     * @param status of an inactive account: takendown, suspended, deactivated, deleted… the set is open
     */
    public record Account(
            String did,
            Optional<String> handle,
            Optional<String> pds,
            Instant plcTime,
            boolean tombstoned,
            Optional<Boolean> active,
            Optional<String> status,
            CheckedHandle check) {}

    private final DataSource database;

    public Accounts(DataSource database) {
        this.database = database;
    }

    public Optional<Account> findByDid(String did) {
        return find(List.of(did), List.of()).getOrDefault(did, List.of()).stream().findFirst();
    }

    /** Every account that claims the handle now, the verified one first, then the oldest claim, 100 at most. @param handle lower case */
    public List<Account> findByHandle(String handle) {
        return find(List.of(), List.of(handle)).getOrDefault(handle, List.of());
    }

    /**
     * Many at once, by one query.
     *
     * @param handles lower case
     * @return what was found by the DID or handle that it was found by; of a handle all claimants, as {@link #findByHandle}
     */
    public Map<String, List<Account>> find(Collection<String> dids, Collection<String> handles) {
        String[] asked = dids.stream().distinct().toArray(String[]::new);
        String[] claimed = handles.stream().distinct().toArray(String[]::new);
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file("account/find.sql"))) {
            select.setQueryTimeout(SECONDS);
            select.setArray(1, connection.createArrayOf("text", asked));
            select.setArray(2, connection.createArrayOf("text", claimed));
            try (ResultSet rows = select.executeQuery()) {
                Map<String, List<Account>> found = new HashMap<>();
                while (rows.next()) {
                    int which = rows.getInt("which");
                    String name = which > 0 ? asked[which - 1] : claimed[-which - 1];
                    found.computeIfAbsent(name, n -> new ArrayList<>()).add(account(rows));
                }
                return found;
            }
        } catch (SQLException e) {
            throw new StorageException("looking up accounts", e);
        }
    }

    private static Account account(ResultSet rows) throws SQLException {
        return new Account(
                rows.getString("did"),
                Optional.ofNullable(rows.getString("handle")),
                Optional.ofNullable(rows.getString("pds")),
                PlcLog.instant(rows, "created_at"),
                rows.getBoolean("tombstoned"),
                Optional.ofNullable(rows.getObject("active", Boolean.class)),
                Optional.ofNullable(rows.getString("status")),
                new CheckedHandle(
                        rows.getString("result"),
                        Optional.ofNullable(rows.getString("method")),
                        Optional.ofNullable(rows.getString("points_to")),
                        Optional.ofNullable(rows.getString("detail")),
                        PdsHosts.optional(rows, "checked_at"),
                        PdsHosts.optional(rows, "tried_at"),
                        rows.getInt("failures")));
    }
}
