package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.atmirror.testkit.FakeHosts;
import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When our side fails under a visit, the visit ends, no host is blamed, and the next one goes on. */
class CrawlFailureIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final List<String> TABLES = List.of("account_extra", "recent_record");

    private final TestDatabase database = TestDatabase.create();

    private static String[] settings() {
        List<String> settings = new ArrayList<>(List.of("atmirror.pds.requests-per-second", "1000"));
        for (String stage : List.of("pds-hosts", "pds-accounts", "describe-repo", "recent-records")) {
            settings.addAll(List.of("atmirror.routes." + stage + ".enabled", "true"));
            settings.addAll(List.of("atmirror.routes." + stage + ".schedule", "* * * * * ?"));
        }
        return settings.toArray(String[]::new);
    }

    @Test
    void visits_whoseStatementsFail_endAndComeAgain() throws Exception {
        database.migrate();
        try (FakeHosts hosts = new FakeHosts(3, 120, 1);
                FakeUpstream upstream = new FakeUpstream(List.of())) {
            hosts.putDocumentsInto(database);
            TABLES.forEach(table -> database.run("alter table " + table + " rename to away_" + table));
            MirrorRun run = MirrorRun.start(database, upstream, settings());
            try {
                // More than fit the first batches: those have failed, and their hosts were visited again.
                await("all accounts were claimed").atMost(PATIENCE).until(() -> database.number(
                                "select count(*) from pds_repo where describe_due > now()") == hosts.accounts());
                TABLES.forEach(table -> database.run("alter table away_" + table + " rename to " + table));
                await("all records").atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
                    passTime();
                    assertThat(database.number("select count(*) from recent_record"))
                            .isEqualTo((long) hosts.accounts() * FakeHosts.COLLECTIONS * FakeHosts.RECORDS);
                });
            } finally {
                assertTimeout(Duration.ofSeconds(10), run::close, "nothing is left that a stop would wait for");
            }
        }
        assertThat(database.number("select count(*) from pds_hosts where failures > 0 or last_error is not null")).isZero();
    }

    /** Claims end. */
    private void passTime() {
        for (String due : List.of("describe_due", "records_due")) {
            database.run("update pds_repo set " + due + " = " + due + " - interval '901 seconds' where " + due
                    + " between now() and now() + interval '900 seconds'");
        }
    }
}
