package dev.atmirror.route;

import static dev.atmirror.route.CrawlUnderTest.Answer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.route.CrawlUnderTest.Answer;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-names.camel.yaml}: issue 12, A4. */
class PdsNamesRouteTest {
    private static final String FETCH = "fetch-a-first-page";
    private static final String SAVE = "save-server";
    private static final Answer SOME = ok("{'repos':[{'did':'did:plc:7','active':true},{'did':'did:plc:8','active':true}]}");
    private static final Answer OTHERS = ok("{'repos':[{'did':'did:plc:7','active':true},{'did':'did:plc:9','active':true}]}");
    private static final Answer ANOTHER_STATE =
            ok("{'repos':[{'did':'did:plc:7','active':true},{'did':'did:plc:8','active':false,'status':'deactivated'}]}");
    private static final Answer NONE = ok("{'repos':[]}");

    private final CrawlUnderTest crawl = new CrawlUnderTest("pds-hosts");
    private final HostVisit visit = crawl.visit(1);

    private RouteUnderTest route(Answer... answers) {
        return RouteUnderTest.of("pds-names", FETCH, SAVE)
                .with(crawl.crawl, "crawl")
                .with(new HostNames(crawl.crawl), "hostNames")
                .answering(FETCH, crawl.host(answers));
    }

    private static Map<String, Object> candidate(int host, boolean present) {
        return Map.of("claiming", 3L, "id", host, "pds", "https://h" + host + ".test", "operator", "h" + host + ".test", "present", present);
    }

    /** What is saved when these hosts claim the same did. */
    private Map<?, ?> saved(RouteUnderTest route, Map<?, ?>... candidates) {
        route.send(exchange -> {
            crawl.enter(exchange, visit);
            exchange.getMessage().setBody(List.of(candidates));
        });
        return route.bodies(SAVE, Map.class).get(0);
    }

    @Test
    void host_whoseDidNobodyElseClaims_isAskedNothingMore() throws Exception {
        try (RouteUnderTest route = route().start()) {
            assertThat(saved(route).get("leader")).isNull();
            assertThat(crawl.asked()).isEmpty();
        }
    }

    @Test
    void host_whichOthersWouldFollow_isAskedNothingMore() throws Exception {
        Map<String, Object> none = new HashMap<>(Map.of("claiming", 2L));
        none.put("id", null);
        try (RouteUnderTest route = route().start()) {
            assertThat(saved(route, none).get("claiming")).isEqualTo(2L);
            assertThat(crawl.asked()).isEmpty();
        }
    }

    @Test
    void host_withTheListOfAnother_isAnotherNameOfIt() throws Exception {
        try (RouteUnderTest route = route(SOME, SOME).start()) {
            assertThat(saved(route, candidate(2, false)).get("leader")).isEqualTo(2);
            assertThat(crawl.asked()).containsExactly(
                    "https://h1.test/xrpc/com.atproto.sync.listRepos?limit=1000",
                    "https://h2.test/xrpc/com.atproto.sync.listRepos?limit=1000");
        }
    }

    @Test
    void host_withAListOfItsOwn_isItself() throws Exception {
        for (Answer other : List.of(OTHERS, ANOTHER_STATE)) {
            try (RouteUnderTest route = route(SOME, other).start()) {
                assertThat(saved(route, candidate(2, true)).get("leader")).isNull();
            }
        }
    }

    /** A page of 4 MB holds 180,000 repos, which no visit's bytes are counted for. */
    @Test
    void host_thatListsMoreThanItIsAskedFor_isComparedByAsManyAsThat() throws Exception {
        try (RouteUnderTest route = route(repos(1_000, "one"), repos(1_000, "two")).start()) {
            assertThat(saved(route, candidate(2, false)).get("leader")).isEqualTo(2);
        }
        try (RouteUnderTest route = route(repos(900, "one"), repos(900, "two")).start()) {
            assertThat(saved(route, candidate(2, false)).get("leader")).isNull();
        }
    }

    /** A page of 1,500 repos, behind the common ones some that only this host has. */
    private static Answer repos(int common, String own) {
        return ok(IntStream.range(0, 1_500)
                .mapToObj(repo -> "{'did':'did:plc:" + (repo < common ? "" : own) + repo + "','active':true}")
                .collect(Collectors.joining(",", "{'repos':[", "]}")));
    }

    @Test
    void hosts_withoutAccounts_proveNothing() throws Exception {
        try (RouteUnderTest route = route(NONE, NONE).start()) {
            assertThat(saved(route, candidate(2, false)).get("leader")).isNull();
        }
    }

    @Test
    void host_behindOneThatLies_isStillComparedWithTheNext() throws Exception {
        try (RouteUnderTest route = route(SOME, OTHERS, SOME).start()) {
            assertThat(saved(route, candidate(2, false), candidate(3, false)).get("leader")).isEqualTo(3);
        }
    }

    @Test
    void host_thatLeads_leadsOnWhileItsListIsNotToBeHad() throws Exception {
        try (RouteUnderTest route = route(SOME, new Answer(503, "")).start()) {
            assertThat(saved(route, candidate(2, true)).get("leader")).isEqualTo(2);
            assertThat(visit.error()).as("not this host's fault").isEmpty();
        }
        try (RouteUnderTest route = route(new Answer(404, "")).start()) {
            assertThat(saved(route, candidate(2, true)).get("leader")).isEqualTo(2);
        }
    }

    @Test
    void host_notKnownBefore_isNotLedByOneWhoseListIsNotToBeHad() throws Exception {
        try (RouteUnderTest route = route(SOME, ok("<html>")).start()) {
            assertThat(saved(route, candidate(2, false)).get("leader")).isNull();
        }
    }

    @Test
    void host_notSaved_isReleasedWithoutBlame() throws Exception {
        try (RouteUnderTest route = route().failing(SAVE, new SQLException("gone")).start()) {
            assertThat(route.send(exchange -> {
                        crawl.enter(exchange, visit);
                        exchange.getMessage().setBody(List.of());
                    }).isFailed())
                    .isFalse();
            assertThat(visit.error()).isEmpty();
            assertThat(crawl.rounds.visiting()).isZero();
        }
    }
}
