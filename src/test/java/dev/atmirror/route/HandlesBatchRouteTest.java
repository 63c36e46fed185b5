package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.handle.HandleClaim;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code routes/handles-batch.camel.yaml} */
class HandlesBatchRouteTest {
    private static final String CHECK = "check-handle";
    private static final String SAVE = "save-batch-of-handles";
    private final HandleUnderTest stage = new HandleUnderTest();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private RouteUnderTest route() {
        return RouteUnderTest.of("handles-batch", CHECK, SAVE)
                .with(stage.rounds, "handleRounds")
                .with(stage.rows, "handleRows")
                .with(threads, "crawlThreads");
    }

    /** As the stage has claimed it. */
    private HandleBatch batch() {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(List.of(
                HandleUnderTest.claimed(1, "mine.com"), HandleUnderTest.claimed(2, "other.com"),
                HandleUnderTest.claimed(3, "sick.com"), HandleUnderTest.claimed(4, "later.com")));
        stage.rounds.begin(exchange);
        return (HandleBatch) exchange.getMessage().getBody(List.class).get(0);
    }

    private static void check(Exchange exchange) {
        HandleTask task = exchange.getMessage().getBody(HandleTask.class);
        switch (task.claimed().account()) {
            case 1 -> task.dnsSays(new HandleClaim.Names("did:plc:1"));
            case 2 -> task.dnsSays(new HandleClaim.Names("did:plc:7"));
            case 4 -> task.later();
            default -> task.wellKnownSays(new HandleClaim.NoAnswer("away"));
        }
        task.decide();
    }

    @Test
    void batch_checked_isSavedInOneStatement() throws Exception {
        try (RouteUnderTest route = route().answering(CHECK, HandlesBatchRouteTest::check).start()) {
            assertThat(route.send(batch()).isFailed()).isFalse();
            assertThat(route.received(CHECK)).hasSize(4);
            Map<?, ?> rows = route.bodies(SAVE, Map.class).get(0);
            assertThat((int[]) rows.get("accounts")).containsExactly(1, 2, 3, 4);
            assertThat((String[]) rows.get("results")).containsExactly("v", "e", "u", "-");
            assertThat((String[]) rows.get("methods")).containsExactly("d", "d", "-", "-");
            assertThat((String[]) rows.get("pointsTo")).containsExactly("", "did:plc:7", "", "");
            assertThat((Boolean[]) rows.get("fresh")).containsOnly(false);
            String[] again = (String[]) rows.get("again");
            assertThat(Instant.parse(again[0])).isAfter(HandleUnderTest.NOW.plus(HandleUnderTest.LONGEST.dividedBy(2)));
            assertThat(Instant.parse(again[3])).isEqualTo(HandleUnderTest.NOW);
            assertThat(stage.rounds.underWay()).isZero();
        }
    }

    @Test
    void batch_notSaved_givesItsRoomBack() throws Exception {
        HandleBatch batch = batch();
        assertThat(stage.rounds.underWay()).isEqualTo(4);
        try (RouteUnderTest route = route().answering(CHECK, HandlesBatchRouteTest::check)
                .failing(SAVE, new SQLException("gone")).start()) {
            assertThat(route.send(batch).isFailed()).isFalse();
            assertThat(stage.rounds.underWay()).isZero();
            assertThat(batch.failure()).isPresent();
        }
    }
}
