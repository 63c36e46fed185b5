package dev.atmirror.route;

import static dev.atmirror.route.CrawlUnderTest.Answer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.route.CrawlUnderTest.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code routes/describe-repo-account.camel.yaml} */
class DescribeRepoAccountRouteTest {
    private static final String REQUEST = "request-describe-repo-account";
    private final CrawlUnderTest crawl = new CrawlUnderTest("describe-repo");
    private final DescribeRepos describe = new DescribeRepos(crawl.crawl, crawl.metrics);
    private final HostVisit visit = crawl.visit(1);

    private RouteUnderTest route() {
        return RouteUnderTest.of("describe-repo-account", REQUEST).with(crawl.crawl, "crawl").with(describe, "describeRepos");
    }

    /** As the split of a batch sends it. */
    private Exchange ask(RouteUnderTest route) {
        return ask(route, 0);
    }

    private Exchange ask(RouteUnderTest route, int failures) {
        return route.send(asked -> {
            crawl.enter(asked, visit);
            asked.getMessage().setBody(List.of(Map.of("did", "did:plc:7", "account", 7, "failures", failures)));
            describe.open(asked);
            asked.getMessage().setBody(AccountBatch.of(asked).accounts().get(0));
        });
    }

    /** What would be stored of the batch. */
    private Map<?, ?> stored(Exchange exchange) {
        describe.layOut(exchange);
        return exchange.getMessage().getBody(Map.class);
    }

    @Test
    void account_thatTheHostDescribes_isJudged() throws Exception {
        Answer answer = ok("{'did':'did:plc:7','collections':['app.test.note']}");
        try (RouteUnderTest route = route().answering(REQUEST, crawl.host(answer)).start()) {
            Map<?, ?> rows = stored(ask(route));
            assertThat(crawl.asked()).containsExactly("https://h1.test/xrpc/com.atproto.repo.describeRepo?repo=did%3Aplc%3A7");
            assertThat((Boolean[]) rows.get("actives")).containsExactly(true);
            assertThat((String[]) rows.get("collections")).containsExactly("app.test.note");
        }
    }

    @Test
    void account_whoseHostHasGone_isNotAskedAndGoesBack() throws Exception {
        visit.gone("refused");
        try (RouteUnderTest route = route().start()) {
            Map<?, ?> rows = stored(ask(route));
            assertThat(route.passed()).isEmpty();
            assertThat((Boolean[]) rows.get("actives")).containsNull();
            assertThat((String[]) rows.get("again")).containsExactly(CrawlUnderTest.NOW.toString());
            assertThat(route.callerWentOn()).isEqualTo(1);
        }
    }

    /** Issue 12, D24. No pause is longer than that of an account which does not fail: a day here. */
    @ParameterizedTest
    @CsvSource({"0,6", "1,24", "2,24"})
    void account_onWhichTheHostFails_isLeftAloneEverLonger(int before, long hours) throws Exception {
        Answer answer = new Answer(400, "{\"error\":\"InvalidRequest\",\"message\":\"Could not resolve DID\"}");
        try (RouteUnderTest route = route().answering(REQUEST, crawl.host(answer)).start()) {
            Map<?, ?> rows = stored(ask(route, before));
            assertThat((String[]) rows.get("again")).containsExactly(CrawlUnderTest.NOW.plus(Duration.ofHours(hours)).toString());
            assertThat((String[]) rows.get("errors"))
                    .containsExactly("describeRepo: answered 400 (InvalidRequest: Could not resolve DID)");
        }
    }

    @Test
    void account_onWhichWeFail_endsTheVisitWithoutBlame() throws Exception {
        try (RouteUnderTest route = route().failing(REQUEST, new IllegalStateException("ours")).start()) {
            assertThat(ask(route).isFailed()).isFalse();
            assertThat(visit.isDown()).isTrue();
            assertThat(visit.error()).isEmpty();
        }
    }
}
