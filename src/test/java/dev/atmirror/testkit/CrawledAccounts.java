package dev.atmirror.testkit;

/** What the stages that ask hosts leave in the database: three hosts, and accounts that only tests know. */
public final class CrawledAccounts {
    private CrawledAccounts() {}

    /**
     * Accounts 1 to 10 at {@code https://big.test}, which says that 3 is taken down and of 4 nothing; 11 is tombstoned, 12
     * moved to {@code http://small.test:8080} and is listed as deactivated where it was. All hold posts, 1 and 5 something
     * rare. {@code https://gone.test} is dead.
     */
    public static void fill(TestDatabase database) {
        database.run("insert into pds_hosts (pds, operator, sources, state, software, server, last_success, last_error,"
                + " failures, pass, pass_finished, list_due, repos, active_repos, describe_left, records_left) values"
                + " ('https://big.test', 'big.test', '{log,relay}', 'live', '0.4.1', '{\"did\": \"did:web:big.test\"}', now(),"
                + " null, 0, 2, now(), now() + interval '1 day', 11, 9, 3, 2),"
                + " ('http://small.test:8080', 'small.test:8080', '{log}', 'failing', null, null, now(), 'timeout', 1, 1, null,"
                + " '-infinity', 1, 1, 1, 0),"
                + " ('https://gone.test', 'gone.test', '{file}', 'dead', null, null, null, e'no\\x1b[31m address', 9, 0, null,"
                + " '-infinity', 0, 0, 70, 80)");
        database.run("insert into plc_pds values (1, 'https://big.test'), (2, 'http://small.test:8080'), (3, 'none')");
        database.run("insert into pds_endpoint values (1, 1), (2, 2), (3, null)");
        database.run("insert into plc_account select i, i, 'a' || i from generate_series(1, 12) i");
        database.run("insert into plc_operation select i, now(), 0, i, 1, case i when 11 then 0 when 12 then 2 else 1 end, 0,"
                + " case i when 11 then 't' else 'o' end::\"char\", false, false, 'c' || i, '', 'k', 'h' || i || '.test'"
                + " from generate_series(1, 12) i");
        database.run("insert into pds_repo (host, did, active, status, pass, describe_due, records_due)"
                + " select 1, 'did:plc:a' || i, case i when 3 then false when 4 then null when 12 then false else true end,"
                + " case i when 3 then 'takendown' when 12 then 'deactivated' else '' end, 2,"
                + " case when i in (3, 12) then timestamptz 'infinity' else now() + interval '1 day' end,"
                + " case when i in (3, 12) then timestamptz 'infinity' else now() + interval '1 day' end"
                + " from generate_series(1, 12) i");
        database.run("insert into pds_repo (host, did, active, status, pass) values (2, 'did:plc:a12', true, 'desynchronized', 1)");
        database.run("insert into account_extra (account, describe, collections) select i, '{}', array['app.test.post']"
                + " || case when i in (1, 5) then '{app.test.rare}'::text[] else '{}' end from generate_series(1, 12) i");
        database.run("insert into recent_record (account, collection, rkey, cid, value) values (1, 'app.test.post', 'r', 'c', '{}')");
        database.run("insert into sync_cursors (stage, host, kind, seq, time) values ('pds-hosts', 'log', 'seq', 12, now())");
    }
}
