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
    private static final int MANY_KEY_SETS = 20_000; // so many operations name it that a stretch of the log holds some, too
    private static final int STRETCH = 50_000; // a tenth of a second

    private final DataSource database;

    public ReverseLookups(DataSource database) {
        this.database = database;
    }

    /** @param next cursor to go on behind; empty at the end */
    public record Page<T>(List<T> accounts, Optional<String> next) {}

    /** @param result of checking the handle, as {@link CheckedHandle} names them */
    public record AtHost(
            String did, Optional<String> handle, String result, Optional<Boolean> active, Optional<String> status) {}

    /** An account that a key may change. */
    public record WithKey(
            String did,
            Optional<String> handle,
            Optional<String> pds,
            Optional<Boolean> active,
            Optional<String> status) {}

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
     * Accounts that the key may change now, in the order of their last operations. A page may be short, as operations that are
     * in force no more are left out of it; of a key in very many key sets it may even be empty and yet not the last.
     *
     * @param key such as {@code did:key:z…}: letters, digits and colons
     * @param after number of the last operation that is known; 0 for the first page
     */
    public Page<WithKey> withKey(String key, long after, int limit) {
        String quoted = '"' + key + '"';
        List<Integer> keySets = query(
                "lookup/key-sets.sql",
                select -> {
                    select.setString(1, quoted);
                    select.setInt(2, MANY_KEY_SETS);
                },
                rows -> {
                    List<Integer> ids = new ArrayList<>();
                    while (rows.next()) {
                        ids.add(rows.getInt(1));
                    }
                    return ids;
                });
        if (keySets.isEmpty()) {
            return new Page<>(List.of(), Optional.empty());
        }
        return keySets.size() < MANY_KEY_SETS ? withKeySets(keySets, after, limit) : withFrequentKey(quoted, after, limit);
    }

    private Page<WithKey> withKeySets(List<Integer> keySets, long after, int limit) {
        return query("lookup/by-key-sets.sql", select -> {
            // Unnamed, so that the plan is for these key sets; one for all is wrong for rare or for frequent ones.
            select.unwrap(PGStatement.class).setPrepareThreshold(0);
            select.setArray(1, select.getConnection().createArrayOf("int4", keySets.toArray()));
            select.setLong(2, after);
            select.setInt(3, limit);
        }, rows -> page(rows, limit, Optional.empty()));
    }

    private Page<WithKey> withFrequentKey(String quoted, long after, int limit) {
        long[] stretch = query(
                "change/log-stretch.sql",
                select -> {
                    select.setLong(1, after);
                    select.setInt(2, STRETCH);
                },
                rows -> rows.next() ? new long[] {rows.getLong(1), rows.getLong(2)} : new long[2]);
        Optional<String> behind = stretch[1] == STRETCH ? Optional.of(String.valueOf(stretch[0])) : Optional.empty();
        return query(
                "lookup/by-frequent-key.sql",
                select -> {
                    select.setLong(1, after);
                    select.setLong(2, stretch[0]);
                    select.setString(3, quoted);
                    select.setInt(4, limit);
                },
                rows -> page(rows, limit, behind));
    }

    /** @param behind where to go on behind fewer rows than asked for */
    private static Page<WithKey> page(ResultSet rows, int limit, Optional<String> behind) throws SQLException {
        List<WithKey> accounts = new ArrayList<>();
        int read = 0;
        long last = 0;
        while (rows.next()) {
            read++;
            last = rows.getLong("id");
            if (rows.getString("did") != null) {
                accounts.add(withKey(rows));
            }
        }
        return new Page<>(accounts, read == limit ? Optional.of(String.valueOf(last)) : behind);
    }

    private static WithKey withKey(ResultSet rows) throws SQLException {
        return new WithKey(
                rows.getString("did"),
                Optional.ofNullable(rows.getString("handle")),
                Optional.ofNullable(rows.getString("pds")),
                Optional.ofNullable(rows.getObject("active", Boolean.class)),
                Optional.ofNullable(rows.getString("status")));
    }

    /**
     * Accounts that declare the handle or did once, in the order in which the mirror met them; one for each time.
     *
     * @param handle lower case
     * @param after of the last page; 0 for the first
     * @param limit of accounts
     */
    public Page<Claim> everClaiming(String handle, long after, int limit) {
        return query("lookup/by-past-handle.sql", select -> {
            select.setString(1, handle);
            select.setLong(2, after);
            select.setInt(3, limit);
            select.setString(4, handle);
        }, rows -> {
            List<Claim> claims = new ArrayList<>();
            int accounts = 0;
            long last = after;
            while (rows.next()) {
                accounts += rows.getLong("account") == last ? 0 : 1;
                last = rows.getLong("account");
                claims.add(new Claim(
                        rows.getString("did"), PlcLog.instant(rows, "since"), PdsHosts.optional(rows, "until")));
            }
            return new Page<>(claims, accounts == limit ? Optional.of(String.valueOf(last)) : Optional.empty());
        });
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
