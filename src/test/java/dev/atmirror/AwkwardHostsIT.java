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
}
