package dev.atmirror.testkit;

import java.util.Locale;

/**
 * Accounts with a past, by SQL: who claims which handle, what checking that came to, and what changed when. The n-th
 * operation is of the n-th minute of 2024-05-01.
 *
 * <pre>
 * alice    alice.test      verified
 * bob      bob.test        not checked
 * mallory  alice.test      points to alice
 * carol    carol.test      no record
 * dave     dave.test       tombstoned
 * erin     erin.test       nobody answered
 * frank    frank.test      not checked, claimed by gina, too
 * grace    grace.test      verified; was old.test, at another host, with another key
 * rita     rita.test       not checked; thief.test in between, taken back by a recovery
 * muen     xn--mnchen-3ya.test   verified
 * alison   alison.test     verified, not active
 * alina    alina.test      not checked
 * </pre>
 */
public final class KnownAccounts {
    /** The signing key of all accounts, without {@code did:key:}, and that to which grace changed. */
    public static final String KEY = multibase("signing");

    public static final String KEY_ANEW = multibase("signing anew");

    /** In the order of their numbers, which begin at 1. */
    private static final String[] NAMES = {
        "alice", "bob", "mallory", "carol", "dave", "erin", "frank", "gina", "grace", "rita", "muen", "alison", "alina"
    };

    private final TestDatabase database;
    private long last;

    private KnownAccounts(TestDatabase database) {
        this.database = database;
    }

    private static String multibase(String seed) {
        return SigningKey.k256(seed).didKey().substring("did:key:".length());
    }

    public static String did(String name) {
        return "did:plc:" + suffix(name);
    }

    private static String suffix(String name) {
        return (name.toLowerCase(Locale.ROOT) + "a".repeat(24)).substring(0, 24);
    }

    public static int number(String name) {
        return java.util.List.of(NAMES).indexOf(name) + 1;
    }

    /** @param database migrated and empty */
    public static void fill(TestDatabase database) {
        new KnownAccounts(database).fill();
    }

    private void fill() {
        database.run("insert into plc_pds values (1, 'https://one.test'), (2, 'https://two.test'), (3, 'nonsense')");
        database.run("insert into pds_hosts (pds, operator, sources) values ('https://one.test', 'one.test', '{log}'),"
                + " ('https://two.test', 'two.test', '{log}')");
        database.run("insert into pds_endpoint values (1, 1), (2, 2), (3, null)");
        database.run("insert into plc_key_set values (1, '[\"did:key:zShared\",\"did:key:zHostOne\"]'),"
                + " (2, '[\"did:key:zOwn\",\"did:key:zShared\"]'), (3, '[\"a\\u0000,]\",\"" + "long".repeat(5000) + "\"]')");
        for (String name : NAMES) {
            database.run("insert into plc_account values (" + number(name) + ", 0, '" + suffix(name) + "')");
        }
        genesis("alice", "alice.test");
        genesis("bob", "bob.test");
        genesis("mallory", "alice.test");
        genesis("carol", "carol.test");
        genesis("dave", "dave.test");
        genesis("erin", "erin.test");
        genesis("frank", "frank.test");
        genesis("gina", "frank.test");
        genesis("grace", "old.test");
        genesis("rita", "rita.test");
        genesis("muen", "xn--mnchen-3ya.test");
        genesis("alison", "alison.test");
        genesis("alina", "alina.test"); // 13
        operation("dave", 't', "", 0, 0, false); // 14
        operation("grace", 'o', "grace.test", 1, 1, false); // 15
        operation("grace", 'o', "grace.test", 2, 2, false); // 16
        operation("rita", 'o', "thief.test", 3, 3, true); // 17
        operation("rita", 'o', "rita.test", 1, 1, false); // 18
        check("alice", 'v', "");
        check("mallory", 'e', did("alice"));
        check("carol", 'n', "");
        check("erin", 'u', "");
        check("grace", 'v', "");
        check("muen", 'v', "");
        check("alison", 'v', "");
        for (String name : NAMES) {
            int host = name.equals("grace") ? 2 : 1;
            database.run("insert into pds_repo (host, did, active, status) values (" + host + ", '" + did(name) + "', "
                    + (name.equals("alison") ? "false, 'deactivated'" : name.equals("erin") ? "null, ''" : "true, ''") + ")");
        }
        database.run("insert into pds_repo (host, did, active, status) values (1, '" + did("grace") + "', false, 'deactivated')");
        database.run("insert into handle_change (at, operation, account, was, result, points_to) values"
                + " ('2024-05-01T00:15:30Z', 15, " + number("grace") + ", '-', 'v', ''),"
                + " ('2024-05-01T01:00:00Z', 3, " + number("mallory") + ", 'n', 'e', '" + did("alice") + "')");
        database.run("insert into sync_cursors (stage, host, kind, seq, time, caught_up_at)"
                + " values ('plc-logs', 'known.test', 'seq', 18, '2024-05-01T00:18:00Z', now())");
    }

    private void genesis(String name, String handle) {
        operation(name, 'o', handle, 1, 1, false);
    }

    private void operation(String name, char kind, String handle, int pds, int keySet, boolean nullified) {
        long id = ++last;
        String key = kind == 't' ? "" : keySet == 1 ? KEY : KEY_ANEW;
        database.run("insert into plc_operation select " + id + ", timestamptz '2024-05-01Z' + " + id
                + " * interval '1 minute', coalesce(max(id), 0), " + number(name) + ", " + keySet + ", " + pds + ", 0, '" + kind
                + "', false, " + nullified + ", 'c" + id + "', '\\x00', '" + key + "', '" + handle
                + "' from plc_operation where not nullified and account = " + number(name));
        database.run("update plc_account set head = " + id + " where id = " + number(name));
    }

    /** As the stage {@code handles} leaves it. @param result the letter */
    private void check(String name, char result, String pointsTo) {
        database.run("insert into handle_check (operation, account, parent, checked_at, tried_at, since, result, method, points_to,"
                + " detail, failures, due) select head, id, 0, " + (result == 'u' ? "'-infinity'" : "now()") + ", now(), now(), '"
                + result + "', 'd', '" + pointsTo + "', " + (result == 'v' ? "''" : "'said the test'") + ", "
                + (result == 'u' ? 2 : 0) + ", 'infinity' from plc_account where id = " + number(name));
    }
}
