package dev.atmirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.testkit.FakeUpstream;
import dev.atmirror.testkit.MirrorRun;
import dev.atmirror.testkit.SignedLog;
import dev.atmirror.testkit.TestDatabase;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PostgreSQL goes away in the middle of a backfill and comes back: the mirror goes on by itself. */
class DatabaseAwayIT {
    private static final int OPERATIONS = 3000;
    private static final String[] SETTINGS = {"atmirror.plc.page-size", "50", "atmirror.serve-while-behind", "true"};
    private final SignedLog log = SignedLog.of(40, OPERATIONS, 5);
    private boolean away;

    @AfterEach
    void bringBack() {
        if (away) {
            TestDatabase.startServer();
        }
    }

    @Test
    void backfill_databaseAwayForAWhile_goesOnAndLosesNothing() throws Exception {
        TestDatabase database = TestDatabase.create();
        String did = log.lines().get(0).did();
        try (FakeUpstream upstream = new FakeUpstream(log.lines()).slowedBy(20);
                MirrorRun run = MirrorRun.start(database, upstream, SETTINGS)) {
            run.awaitStored(500);
            assertThat(run.get("/" + did).statusCode()).isIn(200, 404);
            TestDatabase.stopServer();
            away = true;
            for (String path : List.of("/" + did, "/" + did + "/log", "/info/" + did)) {
                Instant asked = Instant.now();
                assertThat(run.get(path).statusCode()).isEqualTo(503);
                assertThat(Duration.between(asked, Instant.now())).as(path).isLessThan(Duration.ofSeconds(3));
            }
            HttpResponse<String> answer = run.get("/" + did);
            assertThat(answer.body()).contains("\"message\"").doesNotContain("Exception");
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> run.metric("atmirror_plc_storage_failures_total", "") > 0);
            TestDatabase.startServer();
            away = false;
            run.awaitStored(log.valid().size());
            assertThat(run.get("/" + did).statusCode()).isIn(200, 404);
        }
        TestDatabase undisturbed = TestDatabase.create();
        try (FakeUpstream upstream = new FakeUpstream(log.lines());
                MirrorRun run = MirrorRun.start(undisturbed, upstream, SETTINGS)) {
            run.awaitStored(log.valid().size());
        }
        assertThat(database.content()).isEqualTo(undisturbed.content());
        assertThat(database.accounts()).isEqualTo(undisturbed.accounts());
    }
}
