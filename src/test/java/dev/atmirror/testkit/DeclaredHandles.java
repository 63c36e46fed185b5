package dev.atmirror.testkit;

/** Accounts with the handles that they declare, put straight into the tables of the log. Account 7 is {@code did:plc:7}. */
public final class DeclaredHandles {
    private final TestDatabase database;
    private long operations;

    public DeclaredHandles(TestDatabase database) {
        this.database = database;
    }

    /** The next operation of an account, of this moment. @return its number */
    public long declares(int account, String handle) {
        return operation(account, handle, 'o', "now()");
    }

    /** The same, of a year ago. */
    public long declaredOfOld(int account, String handle) {
        return operation(account, handle, 'o', "now() - interval '1 year'");
    }

    public long tombstone(int account) {
        return operation(account, "", 't', "now()");
    }

    /** What has no handle in it. @param json the whole operation */
    public long odd(int account, String json) {
        long id = operation(account, "", 'o', "now()");
        database.run("update plc_operation set odd = true where id = " + id);
        database.run("insert into plc_odd_operation values (" + id + ", '" + json + "')");
        return id;
    }

    private long operation(int account, String handle, char kind, String at) {
        operations++;
        database.run("insert into plc_operation values (" + operations + ", " + at + ", 0, " + account
                + ", 0, 0, 0, '" + kind + "', false, false, 'c" + operations + "', '', '', '" + handle + "')");
        database.run("insert into plc_account values (" + account + ", " + operations + ", '" + account
                + "') on conflict (id) do update set head = excluded.head");
        return operations;
    }

    /** So many accounts at once, of old: from 1 on, {@code u<n>.<parent>}. */
    public void manyOfOld(int accounts, String parent) {
        database.run("insert into plc_account select n, n, n::text from generate_series(1, " + accounts + ") n");
        database.run("insert into plc_operation select n, now() - interval '1 year', 0, n, 0, 0, 0, 'o', false, false, 'c' || n,"
                + " '', '', 'u' || n || '." + parent + "' from generate_series(1, " + accounts + ") n");
        operations += accounts;
    }
}
