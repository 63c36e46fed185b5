package dev.atmirror.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of a dump that speak of accounts and hosts by the numbers of the dumped mirror. They are laid into tables of the
 * transaction, and from there taken over under our own numbers where they are newer.
 */
public final class RestoredRows {
    private static final String BESIDE = "restored_";

    private final TableLoad load;
    private final Map<String, String> keys = new LinkedHashMap<>();

    /** @param here accounts of the dump that are known here @param logIsEmpty whether no account is known here at all */
    public record Accounts(long all, long unknown, boolean logIsEmpty) {}

    public RestoredRows(TableLoad load) {
        this.load = load;
    }

    /** The table that takes the rows of another. */
    public static String beside(String table) {
        return BESIDE + table;
    }

    /** Makes the tables, without their keys. */
    public void make(List<String> tables) {
        List<String> making = new ArrayList<>();
        load.work("looking at tables", with -> {
            try (PreparedStatement select = with.prepareStatement(Sql.file("restore/beside.sql"))) {
                select.setObject(1, tables.toArray(String[]::new));
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        making.add(rows.getString("make"));
                        keys.put(rows.getString("make"), rows.getString("key"));
                    }
                }
                return true;
            }
        });
        making.forEach(sql -> load.execute("making a table", sql));
    }

    /** Their keys, when all rows are there: what is there twice shows. */
    public void addKeys(List<String> tables) {
        keys.values().forEach(sql -> load.execute("building a key", sql));
        load.analyze(tables.stream().map(RestoredRows::beside).toList());
    }

    /** Finds our numbers for their accounts. */
    public Accounts findAccounts() {
        load.execute("looking up accounts", Sql.file("restore/accounts-here.sql"));
        load.analyze(List.of("restored_account"));
        return load.work("counting accounts", with -> {
            try (Statement select = with.createStatement();
                    ResultSet rows = select.executeQuery(Sql.file("restore/unknown-accounts.sql"))) {
                rows.next();
                return new Accounts(rows.getLong("all"), rows.getLong("unknown"), rows.getBoolean("empty"));
            }
        });
    }

    /** @return accounts whose description was taken over */
    public long takeDescriptions() {
        return load.update("restore/newer-extra.sql");
    }

    /** @return records that were taken over */
    public long takeRecords() {
        load.execute("comparing collections", Sql.file("restore/newer-collections.sql"));
        load.analyze(List.of("restored_collection"));
        return load.update("restore/newer-records.sql");
    }

    /** @return accounts of hosts that were taken over, with their hosts */
    public long takeRepos() {
        load.update("restore/newer-hosts.sql");
        load.update("restore/operators-of-hosts.sql");
        load.execute("looking up hosts", Sql.file("restore/hosts-here.sql"));
        long repos = load.update("restore/newer-repos.sql");
        load.update("restore/newer-failures.sql");
        return repos;
    }
}
