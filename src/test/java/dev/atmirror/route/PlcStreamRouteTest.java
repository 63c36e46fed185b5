package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.plc.StreamBatch;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code routes/plc-stream.camel.yaml} */
class PlcStreamRouteTest {
    private final NotedBeans beans = new NotedBeans();

    private RouteUnderTest route() {
        return RouteUnderTest.of("plc-stream", "take-the-next-moment", "hand-to-verification-live")
                .with(beans, "plcStream", "logCursor", "upstreamAnswers", "storedPages");
    }

    @Test
    void stream_open_handsOnWhatCameAndPassesOverSilence() throws Exception {
        beans.goingOn(3);
        Iterator<List<String>> moments = List.of(List.of("a", "b"), List.<String>of(), List.of("c")).iterator();
        try (RouteUnderTest route = route().answering(
                        "take-the-next-moment",
                        exchange -> exchange.getMessage().setBody(new StreamBatch(0, moments.next())))
                .start()) {
            route.send("wake");
            assertThat(beans.calls()).containsExactly("followFromThePages", "readMessages", "readMessages");
            assertThat(route.received("hand-to-verification-live"))
                    .extracting(exchange -> exchange.getMessage().getBody(StreamBatch.class).messages())
                    .containsExactly(List.of("a", "b"), List.of("c"));
        }
    }

    @Test
    void stream_notToBeOpenedYet_isLeftToTheNextRun() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("wake");
            assertThat(beans.calls()).containsExactly("followFromThePages");
            assertThat(route.received("take-the-next-moment")).isEmpty();
        }
    }

    @Test
    void stream_ourSideFailing_startsAgain() throws Exception {
        beans.failing(new IllegalStateException("queue closed"));
        try (RouteUnderTest route = route().start()) {
            assertThat(route.send("wake").isFailed()).isFalse();
            assertThat(beans.calls()).containsExactly("followFromThePages", "startAgain");
        }
    }
}
