package dev.atmirror.route;

import static dev.atmirror.route.CrawlUnderTest.Answer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.pds.NsidPatterns;
import dev.atmirror.route.CrawlUnderTest.Answer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code routes/recent-records-host.camel.yaml} */
class RecentRecordsHostRouteTest extends AccountBatchesContract {
    private static final String CLAIM = "claim-accounts-for-recent-records-host";
    private static final String REQUEST = "request-recent-records-collection";
    private static final String PART = "save-part-of-recent-records";
    private static final String BATCH = "save-batch-of-recent-records-host";
    private static final String END = "end-recent-records-host";

    RecentRecordsHostRouteTest() {
        super("recent-records");
    }

    @Override
    RouteUnderTest with(RouteUnderTest route, CrawlUnderTest crawl) {
        return route.with(new RecentRecords(crawl.crawl, crawl.metrics, new NsidPatterns(List.of()), 10), "recentRecords");
    }

    @Test
    void visit_partOfABatchIsNotSaved_doesNotCountTheBatchAsDone() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest("recent-records");
        HostVisit visit = crawl.visit(1);
        String text = "x".repeat(1 << 20);
        try (RouteUnderTest route = with(RouteUnderTest.of("recent-records-host", CLAIM, BATCH, END), crawl)
                .calling("recent-records-collection", REQUEST, PART)
                .with(crawl.crawl, "crawl")
                .rows(CLAIM, List.of(Map.of("did", "did:plc:7", "account", 7, "collections", "app.test.note")))
                .answering(REQUEST, crawl.host(ok("{'records':[{'uri':'at://did:plc:7/app.test.note/a','cid':'bafy',"
                        + "'value':{'$type':'app.test.note','text':'" + text + "'}}]}")))
                .failing(PART, new SQLException("gone"))
                .start()) {
            assertThat(route.send(visit).isFailed()).isFalse();
            assertThat(route.passed()).containsExactly(CLAIM, REQUEST, PART);
            assertThat(crawl.rounds.visiting()).isZero();
        }
    }

    private static Map<String, Object> account(int number, String collections) {
        return Map.of("did", "did:plc:" + number, "account", number, "collections", collections);
    }

    private RouteUnderTest route(CrawlUnderTest crawl, List<?> claimed, Answer... answers) {
        return with(RouteUnderTest.of("recent-records-host", CLAIM, BATCH, END), crawl)
                .calling("recent-records-collection", REQUEST, PART)
                .with(crawl.crawl, "crawl")
                .rows(CLAIM, claimed)
                .answering(REQUEST, crawl.host(answers));
    }

    /** Issue 12, E35: collections without records take memory, too. */
    @Test
    void visit_manyEmptyCollections_areStoredInParts() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest("recent-records");
        String collections = IntStream.range(0, 600).mapToObj(n -> "app.test.c" + n).collect(Collectors.joining(" "));
        Answer[] empty = Collections.nCopies(1200, ok("{'records':[]}")).toArray(Answer[]::new);
        try (RouteUnderTest route = route(crawl, List.of(account(7, collections), account(8, collections)), empty).start()) {
            route.send(crawl.visit(1));
            int part = covered(route, PART);
            assertThat(part).isPositive().isLessThan(1200);
            assertThat(part + covered(route, BATCH)).as("each once").isEqualTo(1200);
        }
    }

    private static int covered(RouteUnderTest route, String step) {
        return route.bodies(step, Map.class).stream().mapToInt(rows -> ((int[]) rows.get("coveredAccounts")).length).sum();
    }

    private static Answer page(int account, int from, String cursor) {
        return ok("{'records':[" + IntStream.range(from, from + 100)
                .mapToObj(n -> "{'uri':'at://did:plc:" + account + "/app.test.note/k" + n + "','cid':'bafy','value':'" + "x".repeat(5000) + "'}")
                .collect(Collectors.joining(",")) + "]" + cursor + "}");
    }

    /** Issue 12, D25: also of a collection that ends otherwise, nobody needs the keys. */
    @Test
    void visit_collectionThatFailsHalfway_givesBackWhatItsKeysTook() throws Exception {
        CrawlUnderTest crawl = new CrawlUnderTest("recent-records");
        List<Long> used = new ArrayList<>();
        Answer refusal = new Answer(400, "{\"error\":\"RepoNotFound\",\"message\":\"Could not find repo: did:plc:7\"}");
        List<?> claimed = List.of(account(7, "app.test.note"), account(8, "app.test.note"), account(9, "app.test.note"));
        try (RouteUnderTest route = route(crawl, claimed, page(7, 0, ",'cursor':'c1'"), refusal,
                        page(8, 0, ",'cursor':'c1'"), new Answer(500, ""), page(9, 0, ""))
                .with(new RecentRecords(crawl.crawl, crawl.metrics, new NsidPatterns(List.of()), 1000), "recentRecords")
                .answering(PART, part -> {
                    Lane.of(part).goOn();
                    used.add(crawl.memory.keeping().used());
                })
                .start()) {
            route.send(crawl.visit(1));
            assertThat(crawl.asked()).hasSize(5);
            long names = 3 * (100L + "app.test.note".length());
            assertThat(used).hasSize(3).last().isEqualTo(names);
            assertThat(used.get(0)).as("still needed").isGreaterThan(names);
        }
    }
}
