package dev.atmirror.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** The present state of accounts, as the view {@code account_infos} shows it. */
public final class Accounts {
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
            Optional<String> status) {}

    private static final int CLAIMANTS = 100;

    private final DataSource database;

    public Accounts(DataSource database) {
        this.database = database;
    }

    public Optional<Account> findByDid(String did) {
        return find("account/by-did.sql", did).stream().findFirst();
    }

    /** Every account that claims the handle now, oldest claim first, 100 at most. @param handle lower case */
    public List<Account> findByHandle(String handle) {
        return find("account/by-handle.sql", handle);
    }

    private List<Account> find(String file, String what) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file(file))) {
            select.setString(1, what);
            select.setMaxRows(CLAIMANTS);
            try (ResultSet rows = select.executeQuery()) {
                List<Account> accounts = new ArrayList<>();
                while (rows.next()) {
                    accounts.add(new Account(
                            rows.getString("did"),
                            Optional.ofNullable(rows.getString("handle")),
                            Optional.ofNullable(rows.getString("pds")),
                            PlcLog.instant(rows, "plc_timestamp"),
                            rows.getBoolean("tombstoned"),
                            Optional.ofNullable(rows.getObject("active", Boolean.class)),
                            Optional.ofNullable(rows.getString("status"))));
                }
                return accounts;
            }
        } catch (SQLException e) {
            throw new StorageException("looking up " + what, e);
        }
    }
}
