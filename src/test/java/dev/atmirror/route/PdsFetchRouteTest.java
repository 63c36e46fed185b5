package dev.atmirror.route;

import static dev.atmirror.route.CrawlUnderTest.Answer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.pds.HostAnswer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;

/** {@code routes/pds-fetch.camel.yaml}, and with it the policy {@code host-failures} */
class PdsFetchRouteTest {
    private static final String FETCH = "fetch-from-host";
    private final CrawlUnderTest crawl = new CrawlUnderTest("pds-accounts");
    private final HostVisit visit = crawl.visit(1);

    private RouteUnderTest route() {
        return RouteUnderTest.of("pds-fetch", FETCH).with(crawl.requests, "pdsRequests");
    }

    /** A caller asks, with a header of another host's answer in hand. */
    private HostAnswer fetch(RouteUnderTest route) {
        Exchange exchange = route.send(asked -> {
            crawl.enter(asked, visit);
            PdsRequests.ask(asked, "xrpc/com.atproto.sync.listRepos", "cursor", "a&b");
            asked.getMessage().setHeader("Cookie", "of another host");
        });
        assertThat(exchange.isFailed()).isFalse();
        assertThat(route.callerWentOn()).isEqualTo(1);
        return PdsRequests.answer(exchange);
    }

    @Test
    void request_answered_isSentCleanAndReadAsAnAnswer() throws Exception {
        try (RouteUnderTest route = route().answering(FETCH, asked -> ok("{}").to(asked)).start()) {
            HostAnswer answer = fetch(route);
            Message sent = route.received(FETCH).get(0).getMessage();
            assertThat(sent.getHeaders()).containsOnlyKeys("CamelHttpMethod", "CamelHttpUri", "CamelHttpQuery", "User-Agent");
            assertThat(sent.getHeader(Exchange.HTTP_URI)).isEqualTo("https://h1.test/xrpc/com.atproto.sync.listRepos");
            assertThat(sent.getHeader(Exchange.HTTP_QUERY)).isEqualTo("cursor=a%26b");
            assertThat(sent.getHeader("User-Agent", String.class)).startsWith("at-mirror/");
            assertThat(sent.getBody()).isNull();
            assertThat(answer.isOk()).isTrue();
            assertThat(answer.text()).isEqualTo("{}");
            assertThat(visit.hasAnswered()).isTrue();
        }
    }

    @Test
    void request_refusedByTheHost_isAnAnswerThatEndsTheVisitAndTheCallerGoesOn() throws Exception {
        try (RouteUnderTest route = route().failing(FETCH, new ConnectException("refused")).start()) {
            assertThat(fetch(route).failure()).isPresent();
            assertThat(visit.isGone()).isTrue();
            assertThat(visit.hasAnswered()).isFalse();
        }
    }

    @Test
    void request_answerBreaksOff_isAFailureOfThisRequestOnly() throws Exception {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new EOFException("in the middle");
            }
        };
        try (RouteUnderTest route = route().answering(FETCH, asked -> {
                    ok("").to(asked);
                    asked.getMessage().setBody(broken);
                }).start()) {
            assertThat(fetch(route).failure()).isPresent();
            assertThat(visit.isDown()).isFalse();
        }
    }

    @Test
    void answer_thatSaysWait_slowsTheHostDown() throws Exception {
        try (RouteUnderTest route = route().answering(FETCH, asked -> {
                    new CrawlUnderTest.Answer(429, "").to(asked);
                    asked.getMessage().setHeader("Retry-After", "60");
                }).start()) {
            assertThat(fetch(route).isThrottled()).isTrue();
            assertThat(crawl.crawl.budget().pausedFor(visit.host())).isPositive();
        }
    }

    @Test
    void answer_withARepeatedHeader_countsTheLast() throws Exception {
        try (RouteUnderTest route = route().answering(FETCH, asked -> {
                    ok("{}").to(asked);
                    asked.getMessage().setHeader("RateLimit-Policy", List.of("10;w=1", "3000;w=300"));
                }).start()) {
            assertThat(fetch(route).headers()).containsAllEntriesOf(Map.of("ratelimit-policy", "3000;w=300"));
        }
    }
}
