package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.net.HostBudgets;
import dev.atmirror.testkit.LoggedLines;
import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-relay.camel.yaml} */
class PdsRelayRouteTest {
    private static final String FETCH = "fetch-hosts";
    private static final String ADD = "add-relayed-hosts";

    private static RouteUnderTest route(boolean relay) {
        return route(list(relay));
    }

    private static RouteUnderTest route(RelayList list) {
        return RouteUnderTest.of("pds-relay", FETCH, ADD).with(list, "relayList");
    }

    private static RelayList list(boolean relay) {
        HostFinder.Sources sources = new HostFinder.Sources(false, List.of(), Optional.empty(), List.of());
        return new RelayList(
                relay ? Optional.of("https://relay.test") : Optional.empty(),
                sources,
                new HostBudgets(1_000, InstantSource.system(), new Random(1)),
                InstantSource.system());
    }

    /** Two pages, the first with a header that must not come back with the second request. */
    private static Processor pages() {
        return exchange -> {
            boolean first = exchange.getMessage().getHeader("CamelHttpQuery", String.class).equals("limit=1000");
            exchange.getMessage().setHeader("Set-Cookie", "a=b");
            exchange.getMessage().setBody(
                    first
                            ? "{\"hosts\":[{\"hostname\":\"one.test\"}],\"cursor\":\"a b\"}"
                            : "{\"hosts\":[{\"hostname\":\"two.test\"}]}");
        };
    }

    @Test
    void relay_set_isReadPageByPageToTheEnd() throws Exception {
        try (RouteUnderTest route = route(true).answering(FETCH, pages()).start()) {
            route.send("");
            assertThat(route.received(FETCH)).extracting(asked -> asked.getMessage().getHeader("CamelHttpQuery"))
                    .containsExactly("limit=1000", "limit=1000&cursor=a+b");
            assertThat(route.received(FETCH)).allSatisfy(asked -> assertThat(asked.getMessage().getHeaders())
                    .containsOnlyKeys("CamelHttpQuery", "User-Agent"));
            assertThat(route.bodies(ADD, Map.class)).extracting(rows -> ((String[]) rows.get("pdses"))[0])
                    .containsExactly("https://one.test", "https://two.test");
            assertThat(route.callerWentOn()).isEqualTo(1);
        }
    }

    @Test
    void relay_notSet_isNotAsked() throws Exception {
        try (RouteUnderTest route = route(false).start()) {
            route.send("");
            assertThat(route.passed()).isEmpty();
            assertThat(route.callerWentOn()).isEqualTo(1);
        }
    }

    @Test
    void relay_fails_isGoneOnWithout() throws Exception {
        try (RouteUnderTest route = route(true).failing(FETCH, new IOException("connection reset")).start()) {
            assertThat(route.send("").isFailed()).isFalse();
            assertIsGoneOnWithout(route);
        }
    }

    @Test
    void relay_saysNonsense_isGoneOnWithout() throws Exception {
        try (RouteUnderTest route = route(true).answering(FETCH, asked -> asked.getMessage().setBody("<html>")).start()) {
            route.send("");
            assertIsGoneOnWithout(route);
        }
    }

    private static void assertIsGoneOnWithout(RouteUnderTest route) {
        assertThat(route.received(FETCH)).as("asked once").hasSize(1);
        assertThat(route.bodies(ADD, Map.class)).allSatisfy(rows -> assertThat((String[]) rows.get("pdses")).isEmpty());
        assertThat(route.callerWentOn()).as("the log's hosts are still checked").isEqualTo(1);
    }

    @Test
    void relay_itsHostsAreNotStored_isNotBlamedAndIsAskedForThePageAgain() throws Exception {
        AtomicInteger stored = new AtomicInteger();
        RelayList list = list(true);
        try (LoggedLines log = new LoggedLines(RelayList.class.getName());
                RouteUnderTest route = route(list)
                        .answering(FETCH, pages())
                        .answering(ADD, rows -> {
                            int time = stored.incrementAndGet();
                            if (time == 1 || time == 3) {
                                throw new IllegalStateException("statement failed", new SQLException("gone"));
                            }
                        })
                        .start()) {
            route.send("");
            assertThat(route.received(FETCH)).hasSize(1);
            assertIsNotBlamed(list, log);
            route.send("");
            assertThat(list.isUnderWay()).as("its last page is not stored").isTrue();
            route.send("");
            assertThat(list.isUnderWay()).isFalse();
            assertThat(route.received(FETCH)).extracting(asked -> asked.getMessage().getHeader("CamelHttpQuery"))
                    .containsExactly("limit=1000", "limit=1000", "limit=1000&cursor=a+b", "limit=1000&cursor=a+b");
            assertThat(route.callerWentOn()).isEqualTo(3);
        }
    }

    private static void assertIsNotBlamed(RelayList list, LoggedLines log) {
        Exchange standing = new DefaultExchange(new DefaultCamelContext());
        list.layOutStanding(standing);
        assertThat(standing.getMessage().getBody(Map.class).get("lastError")).isNull();
        assertThat(standing.getMessage().getBody(Map.class).get("nextTryAt")).isNull();
        assertThat(list.isUnderWay()).isTrue();
        assertThat(log.messages()).singleElement().asString().contains("not the relay's fault").contains("in the next round");
    }

    @Test
    void relay_whoseRequestAStopInterrupts_isNotBlamed() throws Exception {
        RelayList list = list(true);
        try (LoggedLines log = new LoggedLines(RelayList.class.getName());
                RouteUnderTest route = route(list)
                        .failing(FETCH, new IllegalStateException("not asked", new InterruptedException("sleep interrupted")))
                        .start()) {
            route.send("");
            assertIsNotBlamed(list, log);
            assertThat(list.query()).as("the same page is asked for again").isEqualTo("limit=1000");
            assertIsGoneOnWithout(route);
        }
    }

    /** Issue 12, A5: it was asked for ever, and no host was checked meanwhile. */
    @Test
    void relay_whoseListDoesNotEnd_isLeftAndTheNextStepGoesOn() throws Exception {
        AtomicInteger page = new AtomicInteger();
        try (RouteUnderTest route = route(true)
                .answering(FETCH, asked -> asked.getMessage()
                        .setBody("{\"hosts\":[{\"hostname\":\"one.test\"}],\"cursor\":\"" + page.incrementAndGet() % 2 + "\"}"))
                .start()) {
            route.send("");
            assertThat(route.received(FETCH)).hasSize(3);
            assertThat(route.callerWentOn()).isEqualTo(1);
        }
    }
}
