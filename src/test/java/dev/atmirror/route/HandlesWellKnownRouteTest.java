package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.handle.HandleClaim;
import dev.atmirror.handle.HandleResult;
import java.io.ByteArrayInputStream;
import java.net.ConnectException;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;

/** {@code routes/handles-well-known.camel.yaml} */
class HandlesWellKnownRouteTest {
    private static final String FETCH = "fetch-well-known";
    private final HandleUnderTest stage = new HandleUnderTest();

    private RouteUnderTest route() {
        return RouteUnderTest.of("handles-well-known", FETCH).with(stage.checks, "handleChecks");
    }

    private static void answer(Exchange exchange, int status, String body) {
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        exchange.getMessage().setBody(new ByteArrayInputStream(body.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static HandleTask under(String parent, String handle) {
        Map<String, Object> row = new HashMap<>(HandleUnderTest.claimed(1, handle));
        row.put("parent", parent);
        return new HandleTask(HandleTask.Claimed.of(row, HandleUnderTest.NOW));
    }

    private HandleTask ask(RouteUnderTest route, HandleTask task) {
        task.dnsSays(new HandleClaim.Nothing("none"));
        Exchange exchange = route.send(asked -> {
            asked.setProperty("handleTask", task);
            asked.getMessage().setHeader("Cookie", "of another host");
        });
        assertThat(exchange.isFailed()).isFalse();
        task.decide();
        return task;
    }

    @Test
    void request_isSentCleanAndReadAsAClaim() throws Exception {
        try (RouteUnderTest route = route().answering(FETCH, asked -> answer(asked, 200, "did:plc:1\n")).start()) {
            HandleTask task = ask(route, under("bsky.social", "alice.bsky.social"));
            Message sent = route.received(FETCH).get(0).getMessage();
            assertThat(sent.getHeaders()).containsOnlyKeys("CamelHttpMethod", "CamelHttpUri", "User-Agent");
            assertThat(sent.getHeader(Exchange.HTTP_URI)).isEqualTo("https://alice.bsky.social/.well-known/atproto-did");
            assertThat(task.verdict().orElseThrow().result()).isEqualTo(HandleResult.VALID);
        }
    }

    @Test
    void request_forAHandleOfThisMachine_goesToItsAddressWithTheHandleAsHost() throws Exception {
        try (RouteUnderTest route = route().answering(FETCH, asked -> answer(asked, 404, "")).start()) {
            ask(route, under("", "alice.local.test"));
            Message sent = route.received(FETCH).get(0).getMessage();
            assertThat(sent.getHeader(Exchange.HTTP_URI)).isEqualTo("http://127.0.0.1:7/.well-known/atproto-did");
            assertThat(sent.getHeader("Host")).isEqualTo("alice.local.test");
        }
    }

    @Test
    void host_thatRefuses_saysNothingOfTheHandle() throws Exception {
        try (RouteUnderTest route = route().failing(FETCH, new ConnectException("refused")).start()) {
            assertThat(ask(route, under("", "alice.com")).verdict().orElseThrow().result()).isEqualTo(HandleResult.UNREACHABLE);
            assertThat(route.callerWentOn()).isEqualTo(1);
        }
    }

    @Test
    void host_thatAsksForTimeJustBeforeATurn_holdsNobodyForSoLong() throws Exception {
        HandleTask task = under("bsky.social", "alice.bsky.social");
        try (RouteUnderTest route = route().start()) {
            Exchange exchange = route.send(asked -> asked.setProperty("handleTask", task));
            stage.pace.answered(task.claimed(), 429, Map.of("retry-after", "600"));
            assertThat(stage.checks.pace(exchange)).isZero();
            assertThat(task.isLater()).isTrue();
        }
    }

    @Test
    void host_thatAsksForTime_isNotAskedForOthersUnderTheSameParent() throws Exception {
        try (RouteUnderTest route = route().answering(FETCH, asked -> {
                    answer(asked, 429, "");
                    asked.getMessage().setHeader("Retry-After", "60");
                }).start()) {
            HandleTask first = ask(route, under("bsky.social", "alice.bsky.social"));
            HandleTask second = ask(route, under("bsky.social", "bob.bsky.social"));
            assertThat(first.isLater()).isTrue();
            assertThat(second.isLater()).isTrue();
            assertThat(route.received(FETCH)).hasSize(1);
            assertThat(stage.pace.paused()).containsExactly("bsky.social");
        }
    }
}
