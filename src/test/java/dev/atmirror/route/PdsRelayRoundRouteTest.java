package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.net.HostBudgets;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-relay-round.camel.yaml} (issue 12, C15) */
class PdsRelayRoundRouteTest {
    private static final String ASK = "ask-the-relay";
    private static final String NOTE = "note-relay-standing";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final RelayList relay = new RelayList(
            Optional.of("https://relay.test"),
            new HostFinder.Sources(false, List.of(), Optional.empty(), List.of()),
            new HostBudgets(1_000, InstantSource.fixed(NOW), new Random(1)),
            InstantSource.fixed(NOW));

    private RouteUnderTest route(Processor asked) {
        return RouteUnderTest.of("pds-relay-round", ASK, NOTE).with(relay, "relayList").answering(ASK, asked);
    }

    private void fail(Exchange exchange) {
        relay.begin();
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new IOException("cut"));
        relay.failed(exchange);
    }

    @Test
    void relay_failed_isNotedWithItsNextTry() throws Exception {
        try (RouteUnderTest route = route(this::fail).start()) {
            route.send("");
            Map<?, ?> row = route.bodies(NOTE, Map.class).get(0);
            assertThat(row.get("stage")).isEqualTo("relay");
            assertThat(row.get("host")).isEqualTo("https://relay.test");
            assertThat((String) row.get("lastError")).isNotBlank();
            assertThat(row.get("lastErrorAt")).isEqualTo(NOW.toString());
            assertThat(row.get("nextTryAt")).isEqualTo("2026-01-01T01:00:00Z");
            assertThat(row.get("polledAt")).isNull();
        }
    }

    @Test
    void relay_answered_isNotedOnce() throws Exception {
        Processor once = exchange -> {
            relay.begin();
            if (relay.wantsMore()) {
                exchange.getMessage().setBody("{\"hosts\":[]}".getBytes());
                relay.read(exchange);
            }
        };
        try (RouteUnderTest route = route(once).start()) {
            route.send("");
            route.send(""); // it is not due
            assertThat(route.bodies(NOTE, Map.class)).singleElement().satisfies(row -> {
                assertThat(row.get("polledAt")).isEqualTo(NOW.toString());
                assertThat(row.get("lastError")).isNull();
                assertThat(row.get("nextTryAt")).isNull();
            });
        }
    }

    @Test
    void standing_notNoted_holdsUpNothing() throws Exception {
        try (RouteUnderTest route = route(this::fail).failing(NOTE, new SQLException("gone")).start()) {
            assertThat(route.send("").isFailed()).isFalse();
        }
    }
}
