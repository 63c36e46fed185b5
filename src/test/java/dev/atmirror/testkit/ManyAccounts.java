package dev.atmirror.testkit;

/**
 * 100,000 accounts with 250,000 operations at 500 hosts, of which ten hold four fifths, and what the stages that ask hosts know
 * of them. Put straight into the tables by sequences, with the shares that the real network has.
 */
public final class ManyAccounts {
    public static final int ACCOUNTS = 100_000;

    private ManyAccounts() {}

    /** Account 78 is a usual one: this is its handle. */
    public static final String HANDLE = "u78.bsky.test";

    /** One of the small hosts, with 39 accounts. */
    public static final String HOST = "https://pds77.test";

    /** DID of an account by its number, as an expression of SQL. */
    public static String did(String account) {
        return "'did:plc:' || substr(md5((" + account + ")::text), 1, 24)";
    }

    public static void fill(TestDatabase database) {
        // As the mirror's own server is set.
        database.run("alter database " + database.ask("select current_database()") + " set random_page_cost = 1.1");
        database.migrate();
        log(database);
        hosts(database);
        handles(database);
        database.run("vacuum analyze");
    }

    private static void log(TestDatabase database) {
        database.run("insert into plc_pds select i, 'https://pds' || i || '.test' from generate_series(1, 500) i");
        database.run("insert into plc_key_set select i, '[\"did:key:zQ3own' || md5(i::text) || '\",\"did:key:zQ3shared' || i % 500 || '\"]'"
                + " from generate_series(1, 5500) i");
        // One to four operations an account. A view of the test, so that what follows agrees on who is where.
        database.run("create materialized view made as select row_number() over (order by k, i) as id, i, k = 1 + i % 4 as last,"
                + " case when i % 5 > 0 then 1 + i % 10 else 11 + i / 5 % 490 end as pds, k = 1 + i % 4 and i % 33 = 7 as tombstone,"
                + " substr(md5(i::text), 1, 24) as did"
                + " from generate_series(1, " + ACCOUNTS + ") i, generate_series(1, 4) k where k <= 1 + i % 4");
        database.run("insert into plc_operation select id, timestamptz '2024-01-01Z' + id * interval '2 min', 0, i,"
                + " case when tombstone then 0 when i % 20 = 3 then 501 + i / 20 else pds end,"
                + " case when tombstone then 0 when i % 16 = 3 and not last then 1 + (pds + 6) % 500 else pds end, 0,"
                + " (case when tombstone then 't' else 'o' end)::\"char\", false, false,"
                + " substr(md5('c' || id), 1, 32) || substr(md5('d' || id), 1, 20), decode(md5(id::text) || md5('s' || id), 'hex'),"
                + " 'zQ3sh' || md5(i::text), case when tombstone or i % 50 = 9 then '' when not last and i % 8 = 3 then 'old' || i || '.test'"
                + " when i % 12 = 5 then 'www.own' || i || '.test' else 'u' || i || '.bsky.test' end from made order by id");
        database.run("insert into plc_account select i, id, did from made where last order by i");
        database.run("insert into plc_note select id, 'odd', 0 from made where id % 20 = 0");
        database.run("insert into rejected_operations (did, cid, host, seq, created_at, reason, operation)"
                + " select 'did:plc:' || did, 'bafyrei' || md5('r' || i), 'https://plc.test', i, now(), 'SIGNATURE', '{}'"
                + " from made where last and i % 100 = 1");
    }

    private static void hosts(TestDatabase database) {
        database.run("insert into pds_hosts (pds, operator, sources, state) select endpoint, endpoint, '{log}', 'live' from plc_pds order by id;"
                + " insert into pds_endpoint select id, id from plc_pds");
        database.run("insert into pds_repo (host, did, active, status, pass) select pds, 'did:plc:' || did, i % 7 > 0,"
                + " case when i % 7 = 0 then 'deactivated' else '' end, 1 from made where last");
        database.run("insert into pds_repo (host, did, active, status, pass) select 1 + (pds + 6) % 500, 'did:plc:' || did, false,"
                + " 'deactivated', 1 from made where last and i % 16 = 3");
        database.run("insert into account_extra (account, describe, collections) select i, jsonb_build_object('collections', c), c"
                + " from (select i, array['app.bsky.actor.profile', 'app.test.c' || i % 90] || case when i % 3 > 0"
                + " then '{app.bsky.feed.post,app.bsky.feed.like}'::text[] else '{}' end from generate_series(1, 90000) i) x (i, c)");
        database.run("insert into recent_record (account, collection, rkey, cid, value) select i, c, '3k' || i, 'bafyrei' || md5(i::text),"
                + " '{\"text\": \"x\"}' from generate_series(1, 40000) i,"
                + " unnest(array['app.bsky.actor.profile', 'app.bsky.feed.post', 'app.test.c' || i % 90]) c");
    }

    private static void handles(TestDatabase database) {
        database.run("insert into handle_check (operation, account, parent, checked_at, tried_at, since, result, method, due)"
                + " select id, i, handle_parent_id('bsky.test'), now(), now(), now(), (case when i % 10 < 7 then 'v' when i % 10 < 9 then 'n'"
                + " when i % 40 = 9 then 'e' else 'u' end)::\"char\", 'd', now() + i * interval '1 min' from made"
                + " where last and not tombstone and i % 50 <> 9");
        database.run("insert into handle_change (operation, account, was, result) select id, i, '-', 'v' from made"
                + " where last and i % 5 = 0 and i % 50 <> 9 order by id");
    }
}
