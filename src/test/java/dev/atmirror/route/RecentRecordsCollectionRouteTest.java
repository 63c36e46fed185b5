package dev.atmirror.route;

import static dev.atmirror.route.CrawlUnderTest.Answer.ok;
import static dev.atmirror.route.CrawlUnderTest.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.net.ByteBudget;
import dev.atmirror.pds.NsidPatterns;
import dev.atmirror.route.CrawlUnderTest.Answer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** {@code routes/recent-records-collection.camel.yaml} */
class RecentRecordsCollectionRouteTest {
    private static final String REQUEST = "request-recent-records-collection";
    private static final String SAVE = "save-part-of-recent-records";
    private final CrawlUnderTest crawl = new CrawlUnderTest("recent-records");
    private RecentRecords records = new RecentRecords(crawl.crawl, crawl.metrics, new NsidPatterns(List.of()), 10);
    private final HostVisit visit = crawl.visit(1);

    private RouteUnderTest route(Answer... answers) {
        return RouteUnderTest.of("recent-records-collection", REQUEST, SAVE)
                .with(crawl.crawl, "crawl")
                .with(records, "recentRecords")
                .answering(REQUEST, crawl.host(answers));
    }

    /** A page with one record. @param length of its text */
    private static Answer page(int length) {
        return ok("{'records':[{'uri':'at://did:plc:7/app.test.note/a','cid':'bafy','value':{'$type':'app.test.note','text':'"
                + "x".repeat(length) + "'}}]}");
    }

    /** As the split of a batch sends it. */
    private Exchange ask(RouteUnderTest route) {
        return route.send(asked -> {
            crawl.enter(asked, visit);
            asked.getMessage().setBody(List.of(Map.of("did", "did:plc:7", "account", 7, "collections", "app.test.note")));
            records.open(asked);
            asked.getMessage().setBody(asked.getMessage().getBody(List.class).get(0));
        });
    }

    private static String[] rkeys(Map<?, ?> rows) {
        return (String[]) rows.get("rkeys");
    }

    @Test
    void collection_ofShortRecords_isKeptForTheBatch() throws Exception {
        try (RouteUnderTest route = route(page(10)).start()) {
            Exchange asked = ask(route);
            assertThat(crawl.asked()).containsExactly("https://h1.test/xrpc/com.atproto.repo.listRecords?"
                    + "repo=did%3Aplc%3A7&collection=app.test.note&limit=10");
            assertThat(route.passed()).containsExactly(REQUEST);
            records.layOut(asked);
            assertThat(rkeys(asked.getMessage().getBody(Map.class))).containsExactly("a");
        }
    }

    @Test
    void collection_ofLongRecords_isStoredAsItComes() throws Exception {
        try (RouteUnderTest route = route(page(1 << 20)).start()) {
            Exchange asked = ask(route);
            assertThat(route.passed()).containsExactly(REQUEST, SAVE);
            Map<?, ?> part = route.bodies(SAVE, Map.class).get(0);
            assertThat(rkeys(part)).containsExactly("a");
            assertThat((String[]) part.get("dids")).as("the account is not done before its batch is").isEmpty();
            records.layOut(asked);
            assertThat(rkeys(asked.getMessage().getBody(Map.class))).as("not stored twice").isEmpty();
        }
    }

    /** Issue 12, E35: each lane within its bound, all lanes together are not. */
    @Test
    void collection_whenOthersHoldTheMemory_isStoredAsItComes() throws Exception {
        ByteBudget.Share others = crawl.memory.keeping().share();
        others.tryAdd(CrawlUnderTest.HEAP / 8 - 1000);
        try (RouteUnderTest route = route(page(1000)).start()) {
            ask(route);
            assertThat(route.passed()).containsExactly(REQUEST, SAVE);
        }
    }

    @Test
    void batch_whenOthersHoldAllMemory_goesBack() throws Exception {
        ByteBudget.Share others = crawl.memory.keeping().share();
        others.tryAdd(CrawlUnderTest.HEAP / 8);
        try (RouteUnderTest route = route(page(10)).start()) {
            Exchange lane = route.send(asked -> {
                crawl.enter(asked, visit);
                asked.getMessage().setBody(List.of(Map.of("did", "did:plc:7", "account", 7, "collections", "app.test.note")));
                records.open(asked);
                assertThat(asked.getMessage().getBody(List.class)).isEmpty();
                assertThat(crawl.crawl.goesOn(asked)).isFalse();
                records.layOut(asked);
                asked.setProperty("laidOut", asked.getMessage().getBody());
                asked.setRouteStop(true);
            });
            Map<?, ?> rows = lane.getProperty("laidOut", Map.class);
            assertThat((String[]) rows.get("again")).containsExactly(NOW.toString());
            assertThat((int[]) rows.get("askedAccounts")).isEmpty();
            assertThat(nextTry(lane)).as("not at once: there would be no more room").isBetween(NOW.plusSeconds(30), NOW.plusSeconds(60));
        }
    }

    private Instant nextTry(Exchange lane) {
        crawl.crawl.layOutEnd(lane);
        return Instant.parse((String) lane.getMessage().getBody(Map.class).get("nextTry"));
    }

    /** Issue 12, D25 and E35. */
    @Test
    void collection_whenOthersLeaveNoRoomForItsKeys_goesBackAndItsHostWaits() throws Exception {
        crawl.memory.keeping().share().tryAdd(CrawlUnderTest.HEAP / 8 - 40_000); // room for the records, but not for their keys, too
        pages(1000);
        try (RouteUnderTest route = route(page(0, 100, "c1", 10)).start()) {
            Exchange lane = ask(route);
            assertThat(crawl.crawl.goesOn(lane)).isFalse();
            Map<?, ?> rows = laidOut(lane);
            assertThat(rkeys(rows)).hasSize(100);
            assertThat((String[]) rows.get("again")).containsExactly(NOW.toString());
            assertThat(nextTry(lane)).isBetween(NOW.plusSeconds(30), NOW.plusSeconds(60));
        }
    }

    private void pages(int limit) {
        records = new RecentRecords(crawl.crawl, crawl.metrics, new NsidPatterns(List.of()), limit);
    }

    @Test
    void collection_whoseHostHasGone_isNotAsked() throws Exception {
        visit.gone("refused");
        try (RouteUnderTest route = route().start()) {
            ask(route);
            assertThat(route.passed()).isEmpty();
            assertThat(route.callerWentOn()).isEqualTo(1);
        }
    }

    @Test
    void collection_notStored_endsTheVisitWithoutBlame() throws Exception {
        try (RouteUnderTest route = route(page(1 << 20)).failing(SAVE, new SQLException("gone")).start()) {
            assertThat(ask(route).isFailed()).isFalse();
            assertThat(visit.isDown()).isTrue();
            assertThat(visit.error()).isEmpty();
        }
    }

    /** A page of records numbered from one number to another. @param cursor empty for none */
    private static Answer page(int from, int end, String cursor, int length) {
        return page("k", from, end, cursor, length);
    }

    private static Answer page(String key, int from, int end, String cursor, int length) {
        return ok("{'records':[" + IntStream.range(from, end)
                .mapToObj(n -> "{'uri':'at://did:plc:7/app.test.note/" + key + n + "','cid':'bafy','value':{'text':'" + "x".repeat(length) + "'}}")
                .collect(Collectors.joining(",")) + "]" + (cursor.isEmpty() ? "" : ",'cursor':'" + cursor + "'") + "}");
    }

    private Map<?, ?> laidOut(Exchange asked) {
        records.layOut(asked);
        return asked.getMessage().getBody(Map.class);
    }

    private String requests() {
        return crawl.asked().stream().map(url -> url.replaceFirst(".*&limit=", "")).collect(Collectors.joining(" "));
    }

    /** Issue 12, D25: more than a hundred were asked for at once, which hosts refuse. */
    @Test
    void collection_ofMoreThanAPage_isReadUpToTheLimit() throws Exception {
        records = new RecentRecords(crawl.crawl, crawl.metrics, new NsidPatterns(List.of()), 250);
        try (RouteUnderTest route = route(page(0, 100, "c1", 10), page(100, 180, "c2", 10), page(180, 250, "c3", 10)).start()) {
            Map<?, ?> rows = laidOut(ask(route));
            assertThat(requests()).isEqualTo("100 100&cursor=c1 70&cursor=c2");
            assertThat(rkeys(rows)).hasSize(250).doesNotHaveDuplicates();
            assertThat((String[]) rows.get("coveredCollections")).containsExactly("app.test.note");
            assertThat((String[]) rows.get("errors")).containsExactly("");
        }
    }

    @Test
    void collection_ofManyLongPages_isStoredInPartsThatLoseNothing() throws Exception {
        records = new RecentRecords(crawl.crawl, crawl.metrics, new NsidPatterns(List.of()), 1000);
        try (RouteUnderTest route = route(page(0, 100, "c1", 5000), page(100, 200, "c2", 5000), page(200, 210, "", 10)).start()) {
            Map<?, ?> rows = laidOut(ask(route));
            assertThat(route.passed()).containsExactly(REQUEST, SAVE, REQUEST, SAVE, REQUEST);
            Map<?, ?> part = route.bodies(SAVE, Map.class).get(0);
            assertThat((String[]) part.get("coveredCollections")).as("nothing goes before all is read").isEmpty();
            assertThat(rkeys(rows)).hasSize(10);
            assertThat((String[]) rows.get("earlierKeys")).hasSize(210).contains("k0", "k199");
        }
    }

    @Test
    void collection_whosePagesGoRound_endsAndNothingOfItGoes() throws Exception {
        records = new RecentRecords(crawl.crawl, crawl.metrics, new NsidPatterns(List.of()), 1000);
        try (RouteUnderTest route =
                route(page(0, 10, "a", 10), page(10, 20, "b", 10), page(0, 10, "a", 10), page(10, 20, "b", 10)).start()) {
            Map<?, ?> rows = laidOut(ask(route));
            assertThat(crawl.asked()).hasSize(3);
            assertThat(rkeys(rows)).as("they are records all the same").hasSize(20);
            assertThat((String[]) rows.get("coveredCollections")).isEmpty();
            assertThat(((String[]) rows.get("errors"))[0]).contains("app.test.note does not end", "circle");
        }
    }

    @Test
    void collection_whosePageAsksToComeAgain_goesBackWithItsAccount() throws Exception {
        records = new RecentRecords(crawl.crawl, crawl.metrics, new NsidPatterns(List.of()), 1000);
        try (RouteUnderTest route = route(page(0, 100, "c1", 10), new Answer(429, "")).start()) {
            Map<?, ?> rows = laidOut(ask(route));
            assertThat((String[]) rows.get("coveredCollections")).isEmpty();
            assertThat((String[]) rows.get("again")).containsExactly(NOW.toString());
        }
    }

    /** Issue 12, E35: keys may be 512 characters, and values none. */
    @Test
    void collection_ofShortValuesWithLongKeys_isStoredAsItComes() throws Exception {
        pages(700);
        Answer[] answers = IntStream.range(0, 7)
                .mapToObj(n -> page("k".repeat(500), n * 100, n * 100 + 100, "c" + n, 0))
                .toArray(Answer[]::new);
        try (RouteUnderTest route = route(answers).start()) {
            ask(route);
            assertThat(crawl.asked()).hasSize(7);
            assertThat(route.received(SAVE)).isNotEmpty();
        }
    }

    /** Issue 12, D25: what keys take was given back only when the whole batch was done. */
    @Test
    void collection_whoseLastPageIsStored_givesBackWhatItsKeysTook() throws Exception {
        pages(1000);
        List<Long> used = new ArrayList<>();
        try (RouteUnderTest route = route(page(0, 100, "c1", 5000), page(100, 200, "c2", 5000), page(200, 300, "", 5000))
                .answering(SAVE, part -> used.add(usedOnceStored(part)))
                .start()) {
            ask(route);
            long names = 100 + "app.test.note".length();
            assertThat(used).hasSize(3).last().isEqualTo(names);
            assertThat(used.get(1)).as("still needed").isGreaterThan(used.get(0)).isGreaterThan(names);
        }
    }

    private long usedOnceStored(Exchange lane) {
        Lane.of(lane).goOn();
        return crawl.memory.keeping().used();
    }

    @Test
    void collection_whoseCursorIsItsLastKey_takesOneRequest() throws Exception {
        try (RouteUnderTest route = route(page(0, 3, "k2", 10)).start()) {
            Map<?, ?> rows = laidOut(ask(route));
            assertThat(requests()).isEqualTo("10");
            assertThat((String[]) rows.get("coveredCollections")).containsExactly("app.test.note");
        }
    }

    @Test
    void collection_ofWhichOnePageIsWanted_endsWithTheFirstThatHoldsRecords() throws Exception {
        try (RouteUnderTest route = route(page(0, 0, "c1", 10), page(0, 3, "c2", 10)).start()) {
            Map<?, ?> rows = laidOut(ask(route));
            assertThat(requests()).isEqualTo("10 10&cursor=c1");
            assertThat(rkeys(rows)).hasSize(3);
            assertThat((String[]) rows.get("coveredCollections")).containsExactly("app.test.note");
        }
    }

    @Test
    void collection_ofManyPages_endsWithAShortOneWhoseCursorIsItsLastKey() throws Exception {
        pages(250);
        try (RouteUnderTest route = route(page(0, 100, "k99", 10), page(100, 150, "k149", 10)).start()) {
            Map<?, ?> rows = laidOut(ask(route));
            assertThat(requests()).isEqualTo("100 100&cursor=k99");
            assertThat((String[]) rows.get("coveredCollections")).containsExactly("app.test.note");
        }
    }

    @Test
    void collection_ofShortPagesWithOtherCursors_isReadOn() throws Exception {
        pages(250);
        try (RouteUnderTest route = route(page(0, 50, "c1", 10), page(50, 60, "", 10)).start()) {
            assertThat(rkeys(laidOut(ask(route)))).hasSize(60);
            assertThat(requests()).isEqualTo("100 100&cursor=c1");
        }
    }
}
