package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.net.Backoff;
import dev.atmirror.net.HostBudgets;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PdsRequestsTest {
    private static final int LARGE = 300_000;
    private static final int ROOM = 16;

    private final InstantSource clock = () -> Instant.EPOCH;
    private final Crawl crawl = new Crawl(
            "test",
            new CrawlBudget(new HostBudgets(10, clock, new Random(1)), new HostBudgets(10, clock, new Random(1))),
            new Backoff(new Random(1)),
            clock,
            () -> true);
    private final PdsRequests requests = new PdsRequests(crawl, new CrawlMetrics(new SimpleMeterRegistry()));
    private final HostRounds rounds = new HostRounds(
            crawl, StagePace.scheduled("pds-accounts", 100, 1, Duration.ofDays(1), Duration.ofMinutes(5)));
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
        camel.stop();
    }

    private Exchange lane(int host) {
        HostVisit visit = new HostVisit(
                rounds,
                new HostVisit.Host(host, "https://h" + host + ".example", "h" + host + ".example", 0, 0, 0, Optional.empty(), 0, 0),
                1,
                Instant.MAX);
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setBody(visit);
        crawl.enter(exchange);
        return exchange;
    }

    private CompletableFuture<Void> reading(Exchange exchange, int bytes) {
        exchange.getMessage().setBody(new ByteArrayInputStream(new byte[bytes]));
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        requests.read(exchange);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                threads);
    }

    @Test
    void read_manyLargeAnswersAtOnce_waitsUntilOthersAreDoneWith() throws Exception {
        List<Exchange> lanes = new ArrayList<>();
        for (int i = 0; i < ROOM; i++) {
            lanes.add(lane(i));
            reading(lanes.get(i), LARGE).get();
        }
        CompletableFuture<Void> oneMore = reading(lane(ROOM), LARGE);
        reading(lane(ROOM + 1), 1000).get(); // small ones pass
        assertThat(oneMore).isNotDone();
        requests.pace(lanes.get(0));
        await().atMost(Duration.ofSeconds(10)).until(oneMore::isDone);
        CompletableFuture<Void> another = reading(lane(ROOM + 2), LARGE);
        crawl.isLastLane(lanes.get(1));
        await().atMost(Duration.ofSeconds(10)).until(another::isDone);
    }

    @Test
    void failed_forLackOfAConnectionOfOurs_blamesNobody() {
        Exchange exchange = lane(1);
        for (int i = 0; i < 5; i++) {
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new ConnectionRequestTimeoutException("no connection free"));
            requests.failed(exchange);
        }
        assertThat(PdsRequests.answer(exchange).isThrottled()).isTrue();
        assertThat(crawl.isUp(exchange)).isTrue();
    }
}
