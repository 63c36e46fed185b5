package dev.atmirror.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.LogLine;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.Ops;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.SigningKey;
import dev.atmirror.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dumps whose rows somebody has changed: what is signed and wrong is quarantined with all that builds on it, what is merely
 * said wrongly is corrected, and what cannot belong together is refused.
 */
class TamperedDumpIT {
    private static final String LOG = "plc_log_entries";
    private static final SignedLog SIGNED = SignedLog.of(83, 300);
    /** Accounts with two operations, none undone; the first of them, and so on. */
    private static final String PLAIN = "select account from plc_operation group by account having count(*) = 2"
            + " and not bool_or(nullified) and not bool_or(odd) and count(*) filter (where kind = 't') = 0 order by account";

    private static TestDatabase source;
    private static Path dump;

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private Restoring restoring;
    private TestDatabase tampered;
    private TestDatabase target;

    @BeforeAll
    static void fill() {
        Restoring.needsPgDump();
        source = TestDatabase.create();
        List<LogLine> lines = new ArrayList<>(SIGNED.lines());
        lines.addAll(oddAccount(lines.get(lines.size() - 1)));
        try (FakeUpstream upstream = new FakeUpstream(lines);
                MirrorRun run = MirrorRun.start(source, upstream)) {
            run.awaitStored(lines.size()).awaitCaughtUp();
        }
        assertThat(source.number("select count(*) from plc_odd_operation")).isEqualTo(2);
        dump = new Restoring(shared).dump(source, LOG);
    }

    /** Two operations that do not fit the columns, since they claim two handles. */
    private static List<LogLine> oddAccount(LogLine last) {
        SigningKey key = SigningKey.k256("odd");
        ObjectNode genesis = Ops.operation(List.of(key), "first.odd.test", "https://odd.test", null);
        genesis.withArray("alsoKnownAs").add("at://second.odd.test");
        ObjectNode signed = Ops.sign(genesis, key);
        ObjectNode update = Ops.operation(List.of(key), "third.odd.test", "https://odd.test", Ops.cid(signed));
        update.withArray("alsoKnownAs").add("at://fourth.odd.test");
        ObjectNode signedUpdate = Ops.sign(update, key);
        String did = Ops.did(signed);
        return List.of(
                new LogLine(last.seq() + 1, did, Ops.cid(signed), last.createdAt().plusSeconds(1), signed),
                new LogLine(last.seq() + 2, did, Ops.cid(signedUpdate), last.createdAt().plusSeconds(2), signedUpdate));
    }

    @BeforeEach
    void copy() {
        restoring = new Restoring(folder);
        tampered = Restoring.empty();
        assertThat(restoring.restore(tampered, dump, "--trust").code()).isZero();
        target = Restoring.empty();
    }

    /** @param change SQL on a copy of the source */
    private Commands.Outcome restoreAfter(String change) {
        tampered.run(change);
        return restoring.restore(target, restoring.dump(tampered, LOG));
    }

    private void assertCorrected(Commands.Outcome outcome, String said) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains(said).doesNotContain("failed");
        assertThat(Restoring.logRows(target)).isEqualTo(Restoring.logRows(source));
        assertThat(target.number("select count(*) from rejected_operations")).isZero();
    }

    private long account(int number) {
        return source.number(PLAIN + " offset " + number + " limit 1");
    }

    @Test
    void columnsOfAnOddOperation_changed_areCorrected() {
        assertCorrected(
                restoreAfter("update plc_operation set handle = 'bank.example.com', pds = 1, signing_key = 'zQ3sh' where odd"),
                "corrected: 2 operations");
    }

    @Test
    void signerPrevAndKindOfAnOddOperation_changed_areCorrected() {
        assertCorrected(
                restoreAfter("update plc_operation set signer = 7, prev = 1, kind = 't', key_set = 0, sig = '' where odd"),
                "corrected: 2 operations");
    }

    @Test
    void head_changed_isCorrected() {
        long account = account(0);
        assertCorrected(
                restoreAfter("update plc_account set head = (select min(id) from plc_operation where account = " + account
                        + ") where id = " + account),
                "1 heads of accounts");
    }

    @Test
    void flagsOfNullification_changed_areCorrected() {
        assertThat(source.number("select count(*) from plc_operation where nullified")).isPositive();
        assertCorrected(restoreAfter("update plc_operation set nullified = not nullified"), "corrected: 302 operations");
    }

    @Test
    void signers_weakerThanTheTrueOnes_areCorrected() {
        assertCorrected(restoreAfter("update plc_operation set signer = signer + 1 where signer = 0"), "operations, 0 heads");
    }

    @Test
    void operation_saidToBeOddWhereItIsNot_isCorrected() {
        assertCorrected(
                restoreAfter("update plc_operation set odd = true where id = (select min(id) from plc_operation)"),
                "corrected: 1 operations");
    }

    @Test
    void rowsWithoutAnOperation_areDropped() {
        assertCorrected(
                restoreAfter("insert into plc_odd_operation values (999999, '{}'); insert into plc_note values (999999, 'x', 1);"
                        + "insert into plc_account values (999999, 1, 'nobody')"),
                "1 accounts without operations");
    }

    @Test
    void operation_thereTwice_isKeptOnce() {
        assertCorrected(
                restoreAfter("insert into plc_operation select 999999, created_at, prev, account, key_set, pds, signer, kind, odd,"
                        + " nullified, cid, sig, signing_key, handle from plc_operation where id = (select min(id) from plc_operation)"),
                "1 doubled rows");
    }

    private void assertQuarantined(Commands.Outcome outcome, String reasons, String lost) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("failed and are kept in rejected_operations");
        assertThat(target.ask("select string_agg(reason || ' ' || n, ', ' order by reason) from"
                        + " (select reason, count(*) as n from rejected_operations group by reason) r"))
                .isEqualTo(reasons);
        String entries = "select count(*) || md5(string_agg(did || cid || nullified || operation, ',' order by did, cid)) from"
                + " plc_log_entries";
        assertThat(target.ask(entries)).isEqualTo(source.ask(entries + " where not (" + lost + ")"));
        assertThat(target.number("select count(*) from plc_account a where not exists (select from plc_operation o"
                        + " where o.account = a.id and o.id = a.head)"))
                .isZero();
        assertThat(target.ask("select distinct host from rejected_operations")).isEqualTo(source.ask("select host from sync_cursors"));
    }

    @Test
    void genesis_withAnotherSignature_isQuarantinedWithItsWholeAccount() {
        long account = account(0);
        assertQuarantined(
                restoreAfter("update plc_operation set sig = set_byte(sig, 40, 255 - get_byte(sig, 40)) where account = " + account
                        + " and prev = 0"),
                "CID_MISMATCH 1, UNKNOWN_DID 1",
                "did = (select 'did:plc:' || did from plc_account where id = " + account + ")");
        String before = "select bool_and(kind = 'time' and time < (select created_at from rejected_operations where reason = 'CID_MISMATCH'))"
                + " from sync_cursors where stage = 'plc-logs'";
        assertThat(target.ask(before)).as("the upstream is asked for it again (issue 12, E26)").isEqualTo("t");
    }

    @Test
    void update_withAnotherHandle_isQuarantinedAndTheHeadGoesBack() {
        long account = account(1);
        String update = "account = " + account + " and prev > 0";
        assertQuarantined(
                restoreAfter("update plc_operation set handle = 'bank.example.com' where " + update),
                "CID_MISMATCH 1",
                "id = (select id from plc_operation where " + update + ")");
    }

    @Test
    void update_givenToAnotherAccount_isQuarantinedThere() {
        long account = account(2);
        String update = "account = " + account + " and prev > 0";
        assertQuarantined(
                restoreAfter("update plc_operation set account = " + account(3) + " where " + update),
                "PREV_NOT_FOUND 1",
                "id = (select id from plc_operation where " + update + ")");
    }

    @Test
    void update_movedBeforeItsGenesis_isQuarantined() {
        long account = account(4);
        String update = "account = " + account + " and prev > 0";
        assertQuarantined(
                restoreAfter("update plc_operation set created_at = '2020-01-01' where " + update),
                "TIME_ORDER 1",
                "id = (select id from plc_operation where " + update + ")");
    }

    @Test
    void keySet_thatIsNoJson_putsItsOperationsInQuarantine() {
        Commands.Outcome outcome = restoreAfter("update plc_key_set set keys = 'no \\\" JSON' where id = 1");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(target.number("select count(*) from rejected_operations where reason = 'MALFORMED'"))
                .isEqualTo(source.number("select count(*) from plc_operation where key_set = 1"));
    }

    private void assertRefused(Commands.Outcome outcome, String why) {
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("is damaged: ").contains(why).contains("nothing of it was restored").hasLineCount(1);
        assertThat(target.operations()).isZero();
        assertThat(Restoring.indexes(target)).isEqualTo(Restoring.indexes(source));
    }

    @Test
    void numbersThatNameNothing_areRefused() {
        assertRefused(restoreAfter("delete from plc_account where id = 5"), "names account 5, which is not in it");
    }

    @Test
    void keySetThatIsMissing_isRefused() {
        assertRefused(restoreAfter("delete from plc_key_set where id = 1"), "names key_set 1, which is not in it");
    }

    @Test
    void endpointThatIsMissing_isRefused() {
        assertRefused(restoreAfter("delete from plc_pds where id = 1"), "names pds 1, which is not in it");
    }

    @Test
    void numberAtTheVeryEnd_isRefused() {
        assertRefused(restoreAfter("insert into plc_key_set values (2147483647, '[]')"), "numbers that no mirror gives");
    }

    @Test
    void didOfTwoAccounts_isRefused() {
        assertRefused(
                restoreAfter("insert into plc_account select 999, head, did from plc_account where id = 5"),
                "two accounts have the DID did:plc:");
    }

    @Test
    void timeThatCannotBe_isRefused() {
        assertRefused(restoreAfter("update plc_operation set created_at = 'infinity' where id = (select id from plc_operation order by id offset 5 limit 1)"), "of a time that cannot be");
    }

    @Test
    void rowThereTwice_isRefused() {
        Path twice = restoring.changed(dump, "plc_log_entries-raw", sql -> sql.replaceFirst("(COPY atmirror_internal.plc_pds .*\\n)(.*\\n)", "$1$2$2"));
        assertRefused(restoring.restore(target, twice), "plc_pds_pkey");
    }

    @Test
    void rowThatIsNone_isRefused() {
        Path bad = restoring.changed(dump, "plc_log_entries-raw", sql -> sql.replaceFirst("(COPY atmirror_internal.plc_pds .*\\n)", "$1no\\tnumber\\n"));
        assertRefused(restoring.restore(target, bad), "invalid input syntax for type integer");
    }
}
