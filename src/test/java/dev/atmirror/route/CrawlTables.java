package dev.atmirror.route;

import dev.atmirror.testkit.SqlFiles;
import dev.atmirror.testkit.TestDatabase;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The tables of the stages that ask hosts, with accounts whose documents name a host. Accounts are numbers: 7 is
 * {@code did:plc:7}.
 */
final class CrawlTables implements AutoCloseable {
    static final String NOW = "2030-01-01T00:00:00Z"; // everything that was ever due is due by then
    static final String LATER = "2031-01-01T00:00:00Z";

    final TestDatabase database = TestDatabase.create();
    final SqlFiles sql;
    private long operations;

    CrawlTables() {
        database.migrate();
        sql = new SqlFiles(database);
    }

    static String did(int account) {
        return "did:plc:" + account;
    }

    /** A live host, and the endpoint with the same number that names it. */
    void host(int id, String operator) {
        String pds = "https://h" + id + "." + operator;
        database.run("insert into plc_pds values (" + id + ", '" + pds + "')");
        sql.run("pds/add-hosts.sql", "source", "log", "endpoints", new int[] {id}, "pdses", new String[] {pds},
                "operators", new String[] {operator});
        database.run("update pds_hosts set state = 'live', last_success = now() where pds = '" + pds + "'");
    }

    /** The next operation of an account. @param kind {@code o}, or {@code t} for a tombstone */
    void operation(int account, int endpoint, char kind) {
        operations++;
        database.run("insert into plc_operation values (" + operations + ", now(), 0, " + account + ", 0, " + endpoint
                + ", 0, '" + kind + "', false, false, 'c" + operations + "', '', '', '')");
        database.run("insert into plc_account values (" + account + ", " + operations + ", '" + account
                + "') on conflict (id) do update set head = excluded.head");
    }

    void document(int account, int endpoint) {
        operation(account, endpoint, 'o');
    }

    void followLog() {
        while (true) {
            Map<String, Object> row = sql.run("pds/log-end.sql").get(0);
            if (((Number) row.get("from")).longValue() >= ((Number) row.get("end")).longValue()) {
                return;
            }
            sql.run("repo/follow-log.sql", "from", row.get("from"), "end", row.get("end"));
        }
    }

    /**
     * A page of a host's list.
     *
     * @param repos such as {@code "7"} for an active one, {@code "7 takendown"}
     * @return how many are new, and how many the pass has named
     */
    Map<String, Object> list(int host, int pass, String cursor, String... repos) {
        return sql.run("repo/save-list.sql", "host", host, "pass", pass, "cursor", cursor,
                "dids", each(repos, repo -> "did:plc:" + repo.split(" ")[0]),
                "heads", each(repos, repo -> "bafy"), "revs", each(repos, repo -> "rev" + pass),
                "actives", Arrays.stream(repos).map(repo -> !repo.contains(" ")).toArray(Boolean[]::new),
                "statuses", each(repos, repo -> repo.contains(" ") ? repo.split(" ")[1] : "")).get(0);
    }

    private static String[] each(String[] repos, java.util.function.UnaryOperator<String> part) {
        return Arrays.stream(repos).map(part).toArray(String[]::new);
    }

    void finishList(int host, int pass, boolean complete) {
        sql.run("repo/finish-list.sql", "host", host, "pass", pass, "complete", complete, "again", LATER);
    }

    List<String> claimToDescribe(int host, int batch) {
        return claim("repo/claim-to-describe.sql", host, batch, 900);
    }

    List<String> claimForRecords(int host) {
        return claim("record/claim-accounts.sql", host, 100, 900);
    }

    /** @return the accounts, as {@code did:plc:7}, or {@code (did:plc:7)} where the document names another host */
    List<String> claim(String file, int host, int batch, int leaseSeconds) {
        return sql.run(file, "host", host, "due", NOW.replace("2030", "2020"), "batch", batch, "lease", leaseSeconds).stream()
                .map(row -> ((Number) row.get("account")).intValue() > 0 ? (String) row.get("did") : "(" + row.get("did") + ")")
                .sorted()
                .toList();
    }

    /** The account is claimed and answered for. @param active null when the host failed */
    void described(int host, int account, Boolean active, String status, String collections) {
        database.run("update pds_repo set describe_due = now() + interval '15 minutes' where host = " + host + " and did = '"
                + did(account) + "'");
        answered(host, account, active, status, collections);
    }

    /** The answer alone. */
    void answered(int host, int account, Boolean active, String status, String collections) {
        sql.run("repo/save-described.sql", "host", host, "dids", new String[] {did(account)}, "accounts", new int[] {account},
                "actives", new Boolean[] {active}, "statuses", new String[] {status},
                "described", new String[] {collections == null ? null : "{\"collections\":[]}"},
                "collections", new String[] {collections}, "again", new String[] {LATER},
                "errors", new String[] {active == null ? "describeRepo: answered 500" : ""});
    }

    /** The state of an account at a host: active, status, and whether something is due, as {@code true|''|d|}. */
    String repo(int host, int account) {
        return database.ask("select concat_ws('|', coalesce(active::text, '?'), status, case when describe_due <= now() then"
                + " 'describe' end, case when records_due <= now() then 'records' end) from pds_repo where host = " + host
                + " and did = '" + did(account) + "'");
    }

    @Override
    public void close() {
        sql.close();
    }
}
