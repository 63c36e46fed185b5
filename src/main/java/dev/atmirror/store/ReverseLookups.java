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
import org.postgresql.PGStatement;

/** Accounts by what they have: a host, a rotation key, a handle now or in the past. Page by page, each by an index. */
public final class ReverseLookups {
    private static final int SECONDS = 8;

    private final DataSource database;

    public ReverseLookups(DataSource database) {
        this.database = database;
    }

    /** @param next cursor to go on behind; empty at the end */
    public record Page<T>(List<T> accounts, Optional<String> next) {}

    /** @param result of checking the handle, as {@link CheckedHandle} names them */
    public record AtHost(
            String did, Optional<String> handle, String result, Optional<Boolean> active, Optional<String> status) {}

    public record WithKey(String did, Optional<String> handle, Optional<String> pds) {}

    /** @param until when it was declared no more; empty where it still is */
    public record Claim(String did, Instant since, Optional<Instant> until) {}

    /**
     * Accounts whose document names the host, in the order of their DIDs. A page may be short, as those that moved away are
     * left out of it.
     *
     * @param host of {@link PdsHosts.Host#id}
     * @param after the last DID that is known; empty for the first page
     */
    public Page<AtHost> atHost(int host, String after, int limit) {
        return query("lookup/at-host.sql", select -> {
            select.setInt(1, host);
            select.setString(2, after);
            select.setInt(3, limit);
            select.setInt(4, host);
        }, rows -> {
            List<AtHost> accounts = new ArrayList<>();
            int read = 0;
            String last = after;
            while (rows.next()) {
                read++;
                last = rows.getString("did");
                if (rows.getString("result") != null) {
                    accounts.add(new AtHost(
                            last,
                            Optional.ofNullable(rows.getString("handle")),
                            rows.getString("result"),
                            Optional.ofNullable(rows.getObject("active", Boolean.class)),
                            Optional.ofNullable(rows.getString("status"))));
                }
            }
            return new Page<>(accounts, read == limit ? Optional.of(last) : Optional.empty());
        });
    }

    /**
     * Accounts that the key may change now, in the order of their last operations.
     *
     * @param key such as {@code did:key:z…}
     * @param after number of the last operation that is known; 0 for the first page
     */
    public Page<WithKey> withKey(String key, long after, int limit) {
        List<Integer> keySets = query("lookup/key-sets.sql", select -> select.setString(1, key), rows -> {
            List<Integer> ids = new ArrayList<>();
            while (rows.next()) {
                ids.add(rows.getInt(1));
            }
            return ids;
        });
        if (keySets.isEmpty()) {
            return new Page<>(List.of(), Optional.empty());
        }
        return query("lookup/by-key-sets.sql", select -> {
            // Unnamed, so that the plan is for these key sets; one for all is wrong for rare or for frequent ones.
            select.unwrap(PGStatement.class).setPrepareThreshold(0);
            select.setArray(1, select.getConnection().createArrayOf("int4", keySets.toArray()));
            select.setLong(2, after);
            select.setInt(3, limit);
        }, rows -> {
            List<WithKey> accounts = new ArrayList<>();
            long last = after;
            while (rows.next()) {
                last = rows.getLong("id");
                accounts.add(new WithKey(
                        rows.getString("did"),
                        Optional.ofNullable(rows.getString("handle")),
                        Optional.ofNullable(rows.getString("pds"))));
            }
            return page(accounts, limit, last);
        });
    }

    /** Accounts that declare the handle or did once, in the order in which the mirror met them. @param handle lower case */
    public Page<Claim> everClaiming(String handle, long after, int limit) {
        return query("lookup/by-past-handle.sql", select -> {
            select.setString(1, handle);
            select.setLong(2, after);
            select.setInt(3, limit);
        }, rows -> {
            List<Claim> claims = new ArrayList<>();
            long last = after;
            while (rows.next()) {
                last = rows.getLong("account");
                claims.add(new Claim(
                        rows.getString("did"), PlcLog.instant(rows, "since"), PdsHosts.optional(rows, "until")));
            }
            return page(claims, limit, last);
        });
    }

    private static <T> Page<T> page(List<T> rows, int limit, long last) {
        return new Page<>(rows, rows.size() == limit ? Optional.of(String.valueOf(last)) : Optional.empty());
    }

    private <T> T query(String file, PlcLog.Binder binder, PlcLog.Reader<T> reader) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(Sql.file(file))) {
            select.setQueryTimeout(SECONDS);
            binder.bind(select);
            try (ResultSet rows = select.executeQuery()) {
                return reader.read(rows);
            }
        } catch (SQLException e) {
            throw new StorageException("looking up accounts", e);
        }
    }
}
