package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.testkit.CrawledAccounts;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps restored where something is already, and dumps of what hosts say. */
class RestoreBesideIT {
    private static final String LOG = "plc_log_entries";
    private static final String ALL_TABLES = "select string_agg(relname, ',' order by relname) from pg_class where relkind = 'r' and"
            + " relnamespace in ('public'::regnamespace, 'atmirror_internal'::regnamespace) and relname <> 'flyway_schema_history'";

    @TempDir
    private Path folder;

    private Restoring restoring;
    private TestDatabase source;
    private TestDatabase target;

    @BeforeEach
    void open() {
        Restoring.needsPgDump();
        restoring = new Restoring(folder);
        source = Restoring.empty();
        target = Restoring.empty();
    }

    private Commands.Outcome restored(String table) {
        return restoredAs(restoring.dump(source, table));
    }

    private Commands.Outcome restoredAs(Path file) {
        Commands.Outcome outcome = restoring.restore(target, file);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome;
    }

    private static void read(TestDatabase into, FakeUpstream upstream, int operations) {
        try (MirrorRun run = MirrorRun.start(into, upstream)) {
            run.awaitStored(operations).awaitCaughtUp();
        }
    }

    @Test
    void log_withADamagedOperationBesideAnEarlierPartOfIt_addsWhatIsMissingAndLeavesTheCursor() {
        SignedLog log = SignedLog.of(84, 200, 20);
        int first = log.valid().size();
        try (FakeUpstream upstream = new FakeUpstream(log.lines())) {
            read(target, upstream, first);
            upstream.append(log.grow(300, 20));
            read(source, upstream, log.valid().size());
        }
        source.run("insert into plc_note select max(id), 'odd', 2 from plc_operation");
        source.run("delete from plc_note where id < 0; update plc_operation set sig = '' where id = (select max(id) from plc_operation"
                + " where not exists (select from plc_operation x where x.prev = plc_operation.id) and not odd and id <> (select max(id) from plc_operation))");
        String cursor = "select string_agg(host || kind || seq, ',') from sync_cursors where stage = 'plc-logs'";
        String before = target.ask(cursor);
        Commands.Outcome outcome = restored(LOG);
        assertThat(outcome.out())
                .contains(log.valid().size() + " operations gone through")
                .contains("1 operations of the dump failed verification and are kept in rejected_operations; the cursors stay");
        assertThat(target.operations()).isEqualTo(log.valid().size() - 1);
        assertThat(target.number("select count(*) from rejected_operations where reason = 'SIGNATURE_ENCODING' or reason = 'CID_MISMATCH'"))
                .isPositive();
        assertThat(target.ask("select notes || filtered from plc_log_entries where notes is not null")).isEqualTo("odd2");
        assertThat(target.ask(cursor)).as("or the upstream would never be asked for it (issue 12, E26)").isEqualTo(before);
        assertThat(target.number("select count(*) from pg_namespace where nspname = 'at_mirror_restore'")).isZero();
        long stored = target.operations();
        restored(LOG);
        assertThat(target.operations()).as("nothing is stored twice").isEqualTo(stored);
    }

    @Test
    void log_besideALaterOne_leavesTheCursor() {
        SignedLog log = SignedLog.of(85, 150, 0);
        try (FakeUpstream upstream = new FakeUpstream(log.lines())) {
            read(source, upstream, log.valid().size());
            Path old = restoring.dump(source, LOG);
            upstream.append(log.grow(100, 0));
            read(target, upstream, log.valid().size());
            String before = target.ask("select host || kind || seq || time from sync_cursors");
            restoredAs(old);
            assertThat(target.ask("select host || kind || seq || time from sync_cursors where stage = 'plc-logs'")).isEqualTo(before);
        }
        assertThat(target.operations()).isEqualTo(log.valid().size());
    }

    @Test
    void all_intoAnEmptyDatabase_restoresEveryTable() {
        SignedLog log = SignedLog.of(86, 150, 20);
        try (FakeUpstream upstream = new FakeUpstream(log.lines())) {
            read(source, upstream, log.valid().size());
        }
        source.run("insert into pds_hosts (pds, operator, sources, state) values ('https://a.test', 'a.test', '{log}', 'live')");
        source.run("insert into pds_operator values ('a.test', 'somebody', now() + interval '1 minute')");
        source.run("insert into account_extra (account, describe) select id, '{}' from plc_account where id < 9");
        source.run("insert into recent_record values (1, 'a.b.c', 'r', 'c', '{}', null, now())");
        source.run("insert into pds_repo (host, did) select 1, 'did:plc:' || did from plc_account");
        source.run("insert into handle_check (account, parent, result) values (1, 0, 'v')");
        source.run("insert into handle_change (operation, account, was, result) values (1, 1, 'n', 'v')");
        target.run("insert into handle_tally (result, accounts, due) values ('v', 0, 0)"); // counted before there was anything
        restored("all");
        for (String table : source.ask(ALL_TABLES).split(",")) {
            if (!List.of("pds_operator", "sync_cursors").contains(table)) {
                assertThat(Restoring.rows(target, table)).as(table).isEqualTo(Restoring.rows(source, table));
            }
        }
        assertThat(Restoring.indexes(target)).isEqualTo(Restoring.indexes(source));
        assertThat(target.number("select count(*) from pds_operator where leased_until > '-infinity'")).isZero();
        target.run("insert into pds_hosts (pds, operator, sources) values ('https://b.test', 'b.test', '{log}')");
        assertThat(target.number("select max(id) from pds_hosts")).as("numbers go on").isEqualTo(2);
        target.run("insert into handle_change (operation, account, was, result) values (1, 1, 'v', 'n')");
        assertThat(target.number("select max(seq) from handle_change")).as("the changes' too").isEqualTo(2);
        assertThat(target.ask("select host || seq from sync_cursors where stage = 'plc-logs'"))
                .isEqualTo(source.ask("select host || (select max(id) from plc_operation) from sync_cursors"));
    }

    /** Issue 12, A1: dumps of before, and such as somebody wrote. */
    @Test
    void all_withTwoOwnersOfAHandle_leavesTheOneThatWasCheckedLast() {
        SignedLog log = SignedLog.of(87, 60, 0);
        try (FakeUpstream upstream = new FakeUpstream(log.lines())) {
            read(source, upstream, log.valid().size());
        }
        source.run("drop index handle_check_owned; alter table handle_check disable trigger user; alter table handle_check drop column owned;"
                + " update plc_operation set handle = (select handle from plc_operation where handle <> '' order by id limit 1)"
                + " where id in (select head from plc_account where id <= 2)");
        source.run("insert into handle_parent values (0, '', 'infinity')");
        source.run("insert into handle_check (operation, account, parent, result, due, checked_at) select head, id, 0, 'v', 'infinity',"
                + " now() - id * interval '1 day' from plc_account where id <= 3");
        source.run("insert into handle_change (operation, account, was, result) values (1, 1, 'n', 'v')");
        Path file = restoring.dump(source, "all");
        Commands.Outcome outcome = restoring.restore(target, file, "--trust");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(target.ask("select string_agg(account || result::text || (owned <> ''), ' ' order by account) from handle_check"))
                .isEqualTo("1vtrue 2efalse 3vtrue");
        assertThat(target.ask("select did = (select points_to from handle_checks where result = 'points_elsewhere') from handle_checks"
                        + " where result = 'valid' order by checked_at desc limit 1"))
                .isEqualTo("t");
        assertThat(target.ask("select string_agg(seq || was || '>' || result, ' ' order by seq) from handle_changes"))
                .isEqualTo("1no_record>valid 2valid>points_elsewhere");
        assertThat(target.ask("select string_agg(tgenabled::text, '' order by tgname) from pg_trigger where tgrelid = 'handle_check'::regclass"))
                .as("triggers work again").isEqualTo("OOO");
    }

    @Test
    void all_besideALog_isRefused() {
        CrawledAccounts.fill(source);
        CrawledAccounts.fill(target);
        Commands.Outcome outcome = restoring.restore(target, restoring.dump(source, "all"));
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("go into an empty database only").hasLineCount(1);
    }

    /** The same accounts under other numbers. */
    private void otherNumbers() {
        CrawledAccounts.fill(source);
        CrawledAccounts.fill(target);
        target.run("update plc_account set id = id + 100; update plc_operation set account = account + 100;"
                + " delete from account_extra; delete from recent_record; delete from pds_stage_failure");
    }

    @Test
    void accountInfos_underOtherNumbers_findTheirAccounts() {
        otherNumbers();
        source.run("update account_extra set describe = jsonb_build_object('n', account), updated_at = now() - interval '1 day'");
        target.run("insert into account_extra (account, describe) values (103, '{\"here\": 1}');"
                + " insert into account_extra (account, describe, updated_at) values (104, '{\"old\": 1}', now() - interval '2 days')");
        target.run("delete from plc_account where id = 105");
        Commands.Outcome outcome = restored("account_infos");
        assertThat(outcome.out()).contains("12 rows read, 10 of account_infos taken over").contains("1 of 12 accounts are not known here");
        assertThat(target.ask("select string_agg(account || describe::text, ' ' order by account) from account_extra where account < 106"))
                .isEqualTo("101{\"n\": 1} 102{\"n\": 2} 103{\"here\": 1} 104{\"n\": 4}");
        assertThat(target.number("select count(*) from sync_cursors where stage = 'plc-logs'")).isZero();
    }

    @Test
    void accountInfos_withoutALog_sayWhatToRestoreFirst() {
        CrawledAccounts.fill(source);
        assertThat(restored("account_infos").out()).contains("the log is empty, so restore or read plc_log_entries first");
    }

    @Test
    void recentRecords_ofACollection_areTakenOverAsAWholeWhereTheyAreNewer() {
        otherNumbers();
        source.run("delete from recent_record; insert into recent_record select 1, c, r, 'theirs', '{}', null, now() - interval '1 day'"
                + " from unnest(array['x.new', 'x.old']) c, unnest(array['a', 'b']) r");
        target.run("insert into recent_record values (101, 'x.new', 'a', 'ours', '{}', null, now() - interval '2 days'),"
                + " (101, 'x.new', 'gone', 'ours', '{}', null, now() - interval '2 days'), (101, 'x.old', 'a', 'ours', '{}', null, now())");
        assertThat(restored("recent_records").out()).contains("4 rows read, 2 of recent_records taken over");
        assertThat(target.ask("select string_agg(account || collection || rkey || cid, ' ' order by collection, rkey) from recent_record"))
                .isEqualTo("101x.newatheirs 101x.newbtheirs 101x.oldaours");
    }

    @Test
    void pdsRepos_intoAnEmptyDatabase_giveTheSame() {
        CrawledAccounts.fill(source);
        source.run("insert into pds_stage_failure values (1, 'pds-accounts', 2, now() + interval '1 day', 'late', now() - interval '1 hour')");
        restored("pds_repos");
        assertThat(Restoring.rows(target, "pds_repos")).isEqualTo(Restoring.rows(source, "pds_repos"));
        assertThat(Restoring.rows(target, "pds_stage_failure")).isEqualTo(Restoring.rows(source, "pds_stage_failure"));
        assertThat(target.ask("select string_agg(pds || state || pass, ',' order by pds) from pds_hosts"))
                .isEqualTo(source.ask("select string_agg(pds || state || pass, ',' order by pds) from pds_hosts"));
    }

    @Test
    void pdsRepos_besideOurs_winWhereTheyAreNewer() {
        CrawledAccounts.fill(source);
        CrawledAccounts.fill(target);
        target.run("update pds_hosts set id = default; update pds_repo r set host = host + 3");
        source.run("update pds_repo set rev = 'theirs', updated_at = case when did = 'did:plc:a2' then now() - interval '1 day' else now()"
                + " + interval '1 year' end");
        source.run("insert into pds_hosts (pds, operator, sources) values ('file:///etc/passwd', 'x', '{file}')");
        restored("pds_repos");
        assertThat(target.number("select count(*) from pds_repos")).isEqualTo(source.number("select count(*) from pds_repos"));
        assertThat(target.ask("select string_agg(did, ',') from pds_repo where rev <> 'theirs'")).isEqualTo("did:plc:a2");
        assertThat(target.number("select count(*) from pds_repo where updated_at > now()")).isZero();
        assertThat(target.number("select count(*) from pds_hosts")).isEqualTo(3);
    }

    /** A table that has got a column since must not keep older dumps from being restored. */
    @Test
    void hosts_ofADumpFromBeforeTheirNamesWereKnown_areRestored() {
        source.run("insert into pds_hosts (pds, operator, sources, state, updated_at) values ('https://a.test', 'a.test', '{log}', 'live', now())");
        source.run("insert into pds_repo (host, did, active) select id, 'did:plc:7', true from pds_hosts");
        source.run("alter table pds_hosts drop column leader, drop column list_pages");
        target.run("insert into pds_hosts (pds, operator, sources) values ('https://b.test', 'b.test', '{log}')"); // not empty
        restored("pds_repos");
        assertThat(target.ask("select state || list_pages || coalesce(leader, 0) from pds_hosts where pds = 'https://a.test'")).isEqualTo("live00");
    }
}
