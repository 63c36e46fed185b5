package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;

/** {@code routes/plc-page.camel.yaml} */
class PlcPageRouteTest {
    private final NotedBeans beans = new NotedBeans();

    private RouteUnderTest route() {
        return RouteUnderTest.of("plc-page", "fetch-page", "hand-to-verification")
                .with(beans, "requestPace", "logCursor", "upstreamAnswers", "rereading", "storedPages");
    }

    @Test
    void page_answered_isReadAndHandedOn() throws Exception {
        try (RouteUnderTest route = route().start()) {
            route.send("");
            Message asked = route.received("fetch-page").get(0).getMessage();
            assertThat(asked.getHeader("CamelHttpQuery")).isEqualTo("count=7&after=42");
            assertThat(asked.getHeader("User-Agent", String.class)).startsWith("at-mirror/");
            assertThat(beans.calls()).containsExactly("nextQuery", "page", "judgeAgain");
            assertThat(route.received("hand-to-verification")).hasSize(1);
        }
    }

    @Test
    void page_upstreamFails_waitsAndHandsNothingOn() throws Exception {
        try (RouteUnderTest route = route().failing("fetch-page", new IOException("connection reset")).start()) {
            assertThat(route.send("").isFailed()).as("the loop goes on").isFalse();
            assertThat(beans.calls()).containsExactly("nextQuery", "failed");
            assertThat(route.received("hand-to-verification")).isEmpty();
        }
    }

    @Test
    void page_storageFails_startsAgainWithoutBlamingTheUpstream() throws Exception {
        beans.failing(new IllegalStateException("no database"));
        try (RouteUnderTest route = route().start()) {
            assertThat(route.send("").isFailed()).isFalse();
            assertThat(beans.calls()).containsExactly("nextQuery", "startAgain");
            assertThat(route.received("fetch-page")).isEmpty();
        }
    }
}
