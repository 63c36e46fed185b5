package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a route promises that asks one host for accounts, batch after batch. */
abstract class AccountBatchesContract {
    private final CrawlUnderTest crawl;
    private final String route;
    private final String claim;
    private final String fetch;
    private final String save;
    private final String end;

    /** @param stage whose route of one host this is */
    AccountBatchesContract(String stage) {
        crawl = new CrawlUnderTest(stage);
        route = stage + "-host";
        claim = "claim-accounts-for-" + route;
        fetch = "fetch-" + route;
        save = "save-batch-of-" + route;
        end = "end-" + route;
    }

    /** Binds the stage's own bean. */
    abstract RouteUnderTest with(RouteUnderTest route, CrawlUnderTest crawl);

    private RouteUnderTest route() {
        return with(RouteUnderTest.of(route, claim, fetch, save, end).with(crawl.crawl, "crawl"), crawl);
    }

    private static Map<String, Object> account(int number) {
        return Map.of("did", "did:plc:" + number, "account", number, "collections", "app.test.note");
    }

    @Test
    void visit_accountsAreDue_asksAndSavesBatchAfterBatch() throws Exception {
        HostVisit visit = crawl.visit(1);
        try (RouteUnderTest route = route().rows(claim, List.of(account(7), account(8)), List.of(account(9))).start()) {
            assertThat(route.send(visit).isFailed()).isFalse();
            assertThat(route.passed())
                    .containsExactly(claim, fetch, fetch, save, claim, fetch, save, claim, save, end);
            assertThat(route.bodies(save, Map.class)).extracting(rows -> List.of((String[]) rows.get("dids")))
                    .containsExactly(List.of("did:plc:7", "did:plc:8"), List.of("did:plc:9"), List.of());
        }
    }

    @Test
    void visit_whoseTimeIsOver_endsBehindItsBatch() throws Exception {
        HostVisit visit = crawl.visit(1);
        try (RouteUnderTest route = route()
                .rows(claim, List.of(account(7)), List.of(account(8)))
                .answering(fetch, asked -> crawl.later(CrawlUnderTest.VISIT))
                .start()) {
            route.send(visit);
            assertThat(route.passed()).containsExactly(claim, fetch, save, end);
        }
    }

    @Test
    void visit_hostGoesAway_givesItsBatchBackAndEnds() throws Exception {
        HostVisit visit = crawl.visit(1);
        try (RouteUnderTest route = route()
                .rows(claim, List.of(account(7)), List.of(account(8)))
                .answering(fetch, asked -> visit.gone("refused"))
                .start()) {
            route.send(visit);
            assertThat(route.passed()).containsExactly(claim, fetch, save, end);
        }
    }

    @Test
    void visit_hostIsDownAtFirst_asksNothing() throws Exception {
        HostVisit visit = crawl.visit(1);
        visit.gone("refused in the other lane");
        try (RouteUnderTest route = route().start()) {
            route.send(visit);
            assertThat(route.passed()).containsExactly(end);
        }
    }

    @Test
    void visit_claimFails_isReleasedWithoutBlame() throws Exception {
        assertIsReleased(route().failing(claim, new SQLException("gone")), claim);
    }

    @Test
    void visit_batchIsNotSaved_isReleasedWithoutBlame() throws Exception {
        assertIsReleased(route().rows(claim, List.of(account(7))).failing(save, new SQLException("gone")), claim, fetch, save);
    }

    private void assertIsReleased(RouteUnderTest failing, String... passed) throws Exception {
        HostVisit visit = crawl.visit(1);
        try (RouteUnderTest route = failing.start()) {
            assertThat(route.send(visit).isFailed()).isFalse();
            assertThat(route.passed()).as("nothing is noted").containsExactly(passed);
            assertThat(visit.error()).isEmpty();
            assertThat(crawl.rounds.visiting()).isZero();
        }
    }
}
