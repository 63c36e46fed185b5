package dev.atmirror.route;

import static dev.atmirror.route.CrawlUnderTest.claimed;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a route promises that claims a stage's hosts and begins their visits. */
@Timeout(60)
abstract class HostRoundsContract {
    private final String name;
    private final String rounds;
    private final String claim;
    private final String visits;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> new Thread(task, "a-crawl-thread"));

    /** @param name of the route @param rounds role of the stage's rounds */
    HostRoundsContract(String name, String rounds) {
        this.name = name;
        this.rounds = rounds;
        this.claim = "claim-hosts-for-" + name;
        this.visits = "direct:" + name + "-host";
    }

    private RouteUnderTest route(CrawlUnderTest crawl) {
        return RouteUnderTest.of(name, claim)
                .next(visits)
                .with(crawl.rounds, rounds)
                .with(crawl.crawl, "crawl")
                .with(threads, "crawlThreads");
    }

    private void awaitVisits() throws InterruptedException {
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    private static void end(CrawlUnderTest crawl, Exchange lane) {
        crawl.crawl.enter(lane);
        if (crawl.crawl.isLastLane(lane)) {
            crawl.crawl.release(lane);
        }
    }

    @Test
    void round_hostsAreDue_visitsEachMeanwhileInEveryLane() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest(name, 10, 2);
        CountDownLatch roundIsOver = new CountDownLatch(1);
        Set<String> ranOn = new ConcurrentSkipListSet<>();
        try (RouteUnderTest route = route(crawl).rows(claim, claimed(1, 2)).answering(visits, lane -> {
                    ranOn.add(Thread.currentThread().getName());
                    roundIsOver.await();
                }).start()) {
            route.send("wake");
            assertThat(crawl.rounds.visiting()).isEqualTo(2);
            roundIsOver.countDown();
            awaitVisits();
            assertThat(route.bodies(visits, HostVisit.class)).extracting(visit -> visit.host().id())
                    .containsExactlyInAnyOrder(1, 1, 2, 2);
            assertThat(ranOn).containsExactly("a-crawl-thread");
            assertThat((int[]) claims(route).get(1).get("busy")).as("not claimed twice").containsExactly(1, 2);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private List<Map> claims(RouteUnderTest route) {
        return route.bodies(claim, Map.class);
    }

    @Test
    void round_noRoomForAllHosts_goesOnWhenAVisitEnds() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest(name, 1, 1);
        try (RouteUnderTest route = route(crawl)
                .rows(claim, claimed(1), claimed(2))
                .answering(visits, lane -> end(crawl, lane))
                .start()) {
            route.send("wake");
            awaitVisits();
            assertThat(route.bodies(visits, HostVisit.class)).extracting(visit -> visit.host().id()).containsExactly(1, 2);
            assertThat(claims(route)).extracting(row -> row.get("free")).containsExactly(1, 1, 1);
        }
    }

    @Test
    void round_nothingIsDue_isOver() throws Exception {
        try (RouteUnderTest route = route(new CrawlUnderTest(name)).rows(claim).start()) {
            route.send("wake");
            assertThat(route.received(claim)).hasSize(1);
            assertThat(route.received(visits)).isEmpty();
        }
    }

    @Test
    void round_logHasNotCaughtUp_claimsNothing() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest(name);
        crawl.beforeTheLogHasCaughtUp();
        try (RouteUnderTest route = route(crawl).start()) {
            route.send("wake");
            assertThat(route.received(claim)).isEmpty();
        }
    }

    @Test
    void round_claimFails_isLeftToTheSchedule() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest(name);
        try (RouteUnderTest route = route(crawl).failing(claim, new SQLException("gone")).start()) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(route.received(claim)).as("not tried again at once").hasSize(1);
            route.rows(claim, claimed(1)).send("wake");
            awaitVisits();
            assertThat(route.received(visits)).hasSize(1);
        }
    }
}
