package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.handle.HandleClaim;
import dev.atmirror.handle.HandleResult;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** {@code routes/handles-check.camel.yaml}, and with it the policy {@code handle-answers} */
class HandlesCheckRouteTest {
    private static final String DNS = "ask-name-servers";
    private static final String HOST = "ask-the-host-of-the-handle";
    private final HandleUnderTest stage = new HandleUnderTest();

    private RouteUnderTest route() {
        return RouteUnderTest.of("handles-check", DNS, HOST).with(stage.checks, "handleChecks");
    }

    private static void dns(Exchange exchange, HandleClaim says) {
        HandleUnderTest.taskOf(exchange).dnsSays(says);
    }

    private HandleTask check(RouteUnderTest route, String handle) {
        HandleTask task = HandleUnderTest.task(1, handle);
        assertThat(route.send(task).isFailed()).isFalse();
        assertThat(route.callerWentOn()).isEqualTo(1);
        return task;
    }

    @Test
    void handle_thatDnsNames_isNotAskedForElsewhere() throws Exception {
        try (RouteUnderTest route = route().answering(DNS, asked -> dns(asked, new HandleClaim.Names("did:plc:1"))).start()) {
            assertThat(check(route, "alice.com").verdict().orElseThrow().result()).isEqualTo(HandleResult.VALID);
            assertThat(route.passed()).containsExactly(DNS);
        }
    }

    @Test
    void handle_thatDnsDoesNotKnow_isAskedForAtItsHost() throws Exception {
        try (RouteUnderTest route = route()
                .answering(DNS, asked -> dns(asked, new HandleClaim.Nothing("none")))
                .answering(HOST, asked -> HandleUnderTest.taskOf(asked).wellKnownSays(new HandleClaim.Names("did:plc:1")))
                .start()) {
            assertThat(check(route, "alice.com").verdict().orElseThrow().method()).contains("well-known");
            assertThat(route.passed()).containsExactly(DNS, HOST);
        }
    }

    /** Issue 12, D23. */
    @Test
    void handle_whileNameServersAskForTime_isLeftForLater() throws Exception {
        stage.dnsPause = java.time.Duration.ofSeconds(30);
        try (RouteUnderTest route = route().start()) {
            HandleTask task = check(route, "alice.com");
            assertThat(task.isLater()).isTrue();
            assertThat(task.verdict()).isEmpty();
            assertThat(route.passed()).isEmpty();
        }
    }

    @Test
    void handle_underAReservedName_isAskedForNowhere() throws Exception {
        try (RouteUnderTest route = route().start()) {
            assertThat(check(route, "alice.onion").verdict().orElseThrow().result()).isEqualTo(HandleResult.RESERVED);
            assertThat(route.passed()).isEmpty();
        }
    }

    @Test
    void handle_ofThisMachine_isNotAskedOfDns() throws Exception {
        try (RouteUnderTest route = route().start()) {
            check(route, "alice.local.test");
            assertThat(route.passed()).containsExactly(HOST);
        }
    }

    @Test
    void handle_ofAStageThatEnds_waitsForLater() throws Exception {
        try (RouteUnderTest route = route().start()) {
            Exchange exchange = route.send(asked -> {
                asked.getMessage().setBody(List.of(HandleUnderTest.claimed(1, "alice.com")));
                stage.rounds.begin(asked);
                HandleBatch batch = (HandleBatch) asked.getMessage().getBody(List.class).get(0);
                batch.enter(asked);
                stage.rounds.halt(true);
                asked.getMessage().setBody(batch.tasks().get(0));
            });
            assertThat(route.passed()).isEmpty();
            assertThat(HandleUnderTest.taskOf(exchange).isLater()).isTrue();
        }
    }

    @Test
    void handle_whoseCheckBreaks_isAFailureOfThisOneOnly() throws Exception {
        try (RouteUnderTest route = route().failing(DNS, new IllegalStateException("broken")).start()) {
            assertThat(check(route, "alice.com").verdict().orElseThrow().result()).isEqualTo(HandleResult.UNREACHABLE);
        }
    }
}
