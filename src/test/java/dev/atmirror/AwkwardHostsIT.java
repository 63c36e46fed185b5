package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.testkit.FakeHosts;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts that make it hard to come to an end. */
class AwkwardHostsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final TestDatabase database = TestDatabase.create();

    private MirrorRun run(FakeHosts hosts, FakeUpstream upstream) {
        database.migrate();
        hosts.putDocumentsInto(database);
        List<String> settings = new ArrayList<>(List.of("atmirror.pds.requests-per-second", "1000"));
        for (String stage : List.of("pds-hosts", "pds-accounts", "describe-repo", "recent-records")) {
            settings.addAll(List.of("atmirror.routes." + stage + ".enabled", "true"));
            settings.addAll(List.of("atmirror.routes." + stage + ".schedule", "* * * * * ?"));
        }
        return MirrorRun.start(database, upstream, settings.toArray(String[]::new));
    }

    /** Once a batch was full its accounts went back, and were fetched from their first collection again and again. */
    @Test
    void accounts_ofRecordsThatFillABatch_areDone() {
        try (FakeHosts hosts = new FakeHosts(1, 4, 1).withLongRecords(300_000);
                FakeUpstream upstream = new FakeUpstream(List.of());
                MirrorRun run = run(hosts, upstream)) {
            await("all accounts").atMost(PATIENCE).until(() -> run.mirror() != null
                    && database.number("select count(*) from pds_repo where records_due > now() + interval '1 day'"
                            + " and records_due < 'infinity'") == hosts.accounts());
            assertThat(database.number("select count(*) from recent_record where length(value ->> 'note') = 300000"))
                    .isEqualTo((long) hosts.accounts() * FakeHosts.COLLECTIONS * FakeHosts.RECORDS);
        }
    }

    /** It answers, so it counted as well; and all its accounts were asked for in vain. */
    @Test
    void host_thatAnswersEachAccountWithNonsense_isLeftAlone() {
        try (FakeHosts hosts = new FakeHosts(1, 200, 1).withoutDescriptions();
                FakeUpstream upstream = new FakeUpstream(List.of());
                MirrorRun run = run(hosts, upstream)) {
            await("the stage leaves it alone").atMost(PATIENCE).until(() -> run.mirror() != null
                    && database.number("select count(*) from pds_stage_failure where next_try > now()") == 1);
            assertThat(database.ask("select state from pds_hosts")).as("for the other stages it is there").isEqualTo("live");
            assertThat(database.ask("select last_error from pds_hosts")).startsWith("describeRepo");
            assertThat(database.number("select count(*) from pds_repo where describe_due > now()")).isLessThan(10);
            assertThat(database.number("select count(*) from pds_repo where active is false or status <> ''")).isZero();
        }
    }

    /** Issue 12, A3: accounts were called deleted for 30 days, since their host could not reach the directory. */
    @ParameterizedTest
    @CsvSource({"404,NotFound,couldn't resolve did", "400,RepoNotFound,Could not find repo for DID", "400,RepoTakendown,Repo has been takendown"})
    void accounts_ofAHostThatRefusesThemAll_areNotBuried(int status, String error, String message) {
        try (FakeHosts hosts = new FakeHosts(1, 60, 1).refusingAccounts(status, error, message);
                FakeUpstream upstream = new FakeUpstream(List.of());
                MirrorRun run = run(hosts, upstream)) {
            await("the stage leaves it alone").atMost(PATIENCE).until(() -> run.mirror() != null
                    && database.number("select count(*) from pds_stage_failure where stage = 'describe-repo' and next_try > now()") == 1);
            assertThat(database.number("select count(*) from pds_repo where active is false or status <> ''")).isZero();
            hosts.refusingAccounts(0, "", "");
            database.run("update pds_stage_failure set next_try = now()");
            await("described at last").atMost(PATIENCE).until(() ->
                    database.number("select count(*) from account_extra where collections <> '{}'") == hosts.accounts());
        }
    }

    /** They are told from accounts that the host's list leaves out: those are gone, all of them. */
    @Test
    void accounts_thatTheListLeavesOut_areDeletedThoughAllRefusedAlike() {
        try (FakeHosts hosts = new FakeHosts(1, 5, 1).refusingAccounts(400, "RepoNotFound", "Could not find repo for DID");
                FakeUpstream upstream = new FakeUpstream(List.of());
                MirrorRun run = run(hosts, upstream)) {
            await("the stage leaves it alone").atMost(PATIENCE).until(() -> run.mirror() != null
                    && database.number("select count(*) from pds_stage_failure where stage = 'describe-repo' and next_try > now()") == 1);
            database.run("update pds_repo set active = false, status = 'vanished', pass = -pass, describe_due = '-infinity'");
            database.run("update pds_stage_failure set next_try = now()");
            await("they are gone").atMost(PATIENCE).until(() ->
                    database.number("select count(*) from pds_repo where status = 'deleted'") == hosts.accounts());
        }
    }

    @Test
    void records_ofAHostThatRefusesAllAccounts_stayAndAreFetchedAgain() {
        try (FakeHosts hosts = new FakeHosts(1, 20, 1);
                FakeUpstream upstream = new FakeUpstream(List.of());
                MirrorRun run = run(hosts, upstream)) {
            String done = "select count(*) from pds_repo where records_due > now() + interval '1 day' and records_due < 'infinity'";
            await("all records").atMost(PATIENCE).until(() -> run.mirror() != null && database.number(done) == hosts.accounts());
            hosts.refusingAccounts(404, "NotFound", "couldn't resolve did");
            database.run("update pds_repo set records_due = '-infinity'");
            await("the stage leaves it alone").atMost(PATIENCE).until(() ->
                    database.number("select count(*) from pds_stage_failure where stage = 'recent-records' and next_try > now()") == 1);
            assertThat(database.number("select count(*) from pds_repo where records_due <= now()"))
                    .as("no account is blamed")
                    .isEqualTo(hosts.accounts());
            assertThat(database.number("select count(*) from recent_record"))
                    .isEqualTo((long) hosts.accounts() * FakeHosts.COLLECTIONS * FakeHosts.RECORDS);
        }
    }
}
