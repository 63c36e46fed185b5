package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.app.Main;
import dev.atmirror.testkit.FakeHosts;
import dev.atmirror.testkit.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each stage that asks hosts is killed without a warning, and goes on where it was once the claims have ended. */
class CrawlKillIT {
    private static final int KILLS = 2; // of each stage
    private static final int HOSTS = 4;
    private static final int ACCOUNTS = 250; // of each host
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestDatabase database = TestDatabase.create();

    @Test
    void stages_killedInTheMiddle_missNothing() throws Exception {
        long seed = System.nanoTime();
        System.out.println("CrawlKillIT kills by seed " + seed);
        Random random = new Random(seed);
        database.migrate();
        try (FakeHosts hosts = new FakeHosts(HOSTS, ACCOUNTS, 10)) {
            hosts.putDocumentsInto(database);
            killAndFinish("pds-hosts", "select count(*) from pds_repo where 1 = 1", hosts.accounts(), random);
            assertThat(database.number("select count(*) from pds_hosts where state = 'live' and server is not null"))
                    .isEqualTo(HOSTS);
            killAndFinish("pds-accounts", "select count(*) from pds_repo where pass > 0", hosts.accounts(), random);
            assertThat(database.number("select sum(active_repos) from pds_hosts")).isEqualTo(hosts.accounts());
            killAndFinish("describe-repo", "select count(*) from account_extra where describe is not null", hosts.accounts(), random);
            long records = (long) hosts.accounts() * FakeHosts.COLLECTIONS * FakeHosts.RECORDS;
            killAndFinish("recent-records", "select count(*) from recent_record", records, random);
        }
        assertThat(database.number("select count(*) from pds_repo where active and status = ''"
                        + " and describe_due > now() + interval '1 day' and records_due > now() + interval '1 day'"))
                .isEqualTo(HOSTS * ACCOUNTS);
        assertThat(database.number("select count(*) from pds_hosts where failures > 0 or last_error is not null")).isZero();
    }

    private void killAndFinish(String stage, String count, long all, Random random) throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            Process run = backfill(stage);
            long until = database.number(count) + 1 + random.nextInt((int) all / KILLS / 2);
            await(stage).atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1 + random.nextInt(10)))
                    .until(() -> database.number(count) >= until || !run.isAlive());
            run.destroyForcibly();
            assertThat(run.waitFor(10, TimeUnit.SECONDS)).isTrue();
            passTime();
        }
        Process last = backfill(stage);
        assertThat(last.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(stage + " comes to its end").isTrue();
        assertThat(last.exitValue()).isZero();
        assertThat(database.number(count)).as(stage).isEqualTo(all);
        assertThat(database.number("select count(*) from pds_operator where leased_until > now()")).as("given back").isZero();
    }

    /** Instead of waiting: a minute for the hosts, a quarter of an hour for their accounts. */
    private void passTime() {
        database.run("update pds_operator set leased_until = leased_until - interval '61 seconds'");
        for (String due : List.of("describe_due", "records_due")) {
            database.run("update pds_repo set " + due + " = " + due + " - interval '901 seconds' where " + due
                    + " between now() and now() + interval '900 seconds'");
        }
    }

    private Process backfill(String stage) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                java.toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1", // such a short life is not worth the second compiler
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "backfill",
                stage));
        builder.environment().put("ATMIRROR_POSTGRES_URL", database.url());
        builder.environment().put("ATMIRROR_NET_ALLOW_PRIVATE", "true");
        builder.environment().put("ATMIRROR_PDS_REQUESTS_PER_SECOND", "1000");
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target", "killed-crawl.log")))
                .start();
    }
}
