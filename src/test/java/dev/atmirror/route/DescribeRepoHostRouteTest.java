package dev.atmirror.route;

import static dev.atmirror.route.CrawlUnderTest.Answer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.net.ByteBudget;
import dev.atmirror.route.CrawlUnderTest.Answer;
import java.io.EOFException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code routes/describe-repo-host.camel.yaml} */
class DescribeRepoHostRouteTest extends AccountBatchesContract {
    private static final String CLAIM = "claim-accounts-for-describe-repo-host";
    private static final String REQUEST = "request-describe-repo-account";
    private static final String FETCH = "fetch-from-host";
    private static final String BATCH = "save-batch-of-describe-repo-host";
    private static final String END = "end-describe-repo-host";

    DescribeRepoHostRouteTest() {
        super("describe-repo");
    }

    @Override
    RouteUnderTest with(RouteUnderTest route, CrawlUnderTest crawl) {
        return route.with(new DescribeRepos(crawl.crawl, crawl.metrics), "describeRepos");
    }

    @Test
    void visit_weFailOnAnAccount_asksNoOtherAndSavesNothing() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest("describe-repo");
        HostVisit visit = crawl.visit(1);
        try (RouteUnderTest route = with(RouteUnderTest.of("describe-repo-host", CLAIM, BATCH, END), crawl)
                .calling("describe-repo-account", REQUEST)
                .with(crawl.crawl, "crawl")
                .rows(CLAIM, List.of(Map.of("did", "did:plc:7", "account", 7), Map.of("did", "did:plc:8", "account", 8)))
                .failing(REQUEST, new IllegalStateException("ours"))
                .start()) {
            assertThat(route.send(visit).isFailed()).isFalse();
            assertThat(route.passed()).containsExactly(CLAIM, REQUEST);
            assertThat(crawl.rounds.visiting()).isZero();
        }
    }

    @Test
    void visit_hostFailsOnAnAccount_asksTheNextAndSavesBoth() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest("describe-repo");
        HostVisit visit = crawl.visit(1);
        try (RouteUnderTest route = with(RouteUnderTest.of("describe-repo-host", CLAIM, BATCH, END), crawl)
                .calling("describe-repo-account")
                .calling("pds-fetch", FETCH)
                .with(crawl.crawl, "crawl")
                .with(crawl.requests, "pdsRequests")
                .rows(CLAIM, List.of(Map.of("did", "did:plc:7", "account", 7), Map.of("did", "did:plc:8", "account", 8)))
                .failing(FETCH, new EOFException("hung up"))
                .start()) {
            route.send(visit);
            assertThat(route.passed()).containsExactly(CLAIM, FETCH, FETCH, BATCH, CLAIM, BATCH, END);
            assertThat((String[]) route.bodies(BATCH, Map.class).get(0).get("dids")).containsExactly("did:plc:7", "did:plc:8");
        }
    }

    /** Issue 12, E35: fifty answers, each within its bound, were held by each of a thousand lanes. */
    @Test
    void visit_memoryIsShort_savesWhatItHasAndGivesTheRestBack() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest("describe-repo");
        HostVisit visit = crawl.visit(1);
        String collections = IntStream.range(0, 1000)
                .mapToObj(i -> "'com.example." + "x".repeat(60) + ".kind" + i + "'")
                .collect(Collectors.joining(","));
        List<Map<String, Object>> accounts =
                IntStream.rangeClosed(7, 26).mapToObj(n -> Map.<String, Object>of("did", "did:plc:" + n, "account", n)).toList();
        Answer[] answers = accounts.stream()
                .map(account -> ok("{'did':'" + account.get("did") + "','collections':[" + collections + "]}"))
                .toArray(Answer[]::new);
        ByteBudget.Share others = crawl.memory.keeping().share();
        others.tryAdd(CrawlUnderTest.HEAP / 8 - 500_000); // room for three of them
        try (RouteUnderTest route = with(RouteUnderTest.of("describe-repo-host", CLAIM, BATCH, END), crawl)
                .calling("describe-repo-account", REQUEST)
                .with(crawl.crawl, "crawl")
                .rows(CLAIM, accounts.subList(0, 10), accounts.subList(10, 11))
                .answering(REQUEST, crawl.host(answers))
                .answering(BATCH, saved -> assertThat(crawl.memory.keeping().used()).isGreaterThan(CrawlUnderTest.HEAP / 8 - 500_000))
                .start()) {
            route.send(visit);
            Map<?, ?> first = route.bodies(BATCH, Map.class).get(0);
            assertThat((Boolean[]) first.get("actives")).filteredOn(active -> active != null).hasSizeBetween(1, 4);
            assertThat((String[]) first.get("again")).as("the rest is due at once").contains(CrawlUnderTest.NOW.toString());
            assertThat(route.passed()).contains(END);
            others.giveBack();
            assertThat(crawl.memory.keeping().used()).as("what was saved is held no more").isZero();
        }
    }
}
