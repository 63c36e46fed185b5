package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atmirror.net.Backoff;
import dev.atmirror.net.ByteBudget;
import dev.atmirror.net.HostBudgets;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.net.SocketTimeoutException;
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
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PdsRequestsTest {
    private static final int LARGE = 900_000;
    private static final int ROOM = 2; // answers of that length

    private final InstantSource clock = () -> Instant.EPOCH;
    private final AnswerMemory memory =
            new AnswerMemory(new ByteBudget(ROOM * (1L << 20) * AnswerMemory.WEIGHT), new ByteBudget(1 << 20));
    private final Crawl crawl = new Crawl(
            "test",
            new CrawlBudget(new HostBudgets(10, clock, new Random(1)), new HostBudgets(10, clock, new Random(1)), memory),
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

    /** Fills the budget, and lets one go on beyond it. @return the one that did */
    private Exchange fillMemory() throws Exception {
        reading(lane(1), LARGE).get();
        reading(lane(2), LARGE).get();
        Exchange beyond = lane(3);
        reading(beyond, LARGE).get();
        return beyond;
    }

    /** Issue 12, E35: what hosts send is held by all visits together, so all together must be bounded. */
    @Test
    void read_moreThanMemoryHasRoomFor_waitsUntilOthersAreDoneWith() throws Exception {
        Exchange beyond = fillMemory();
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        List<Exchange> lanes = new ArrayList<>();
        for (int i = 4; i < 9; i++) {
            lanes.add(lane(i));
            waiting.add(reading(lanes.get(lanes.size() - 1), LARGE));
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> memory.reading().waiting() == 5);
        reading(lane(10), 1000).get(); // small ones pass
        assertThat(memory.reading().used()).isLessThanOrEqualTo(ROOM * (1L << 20) * AnswerMemory.WEIGHT);
        requests.pace(beyond);
        while (!waiting.isEmpty()) {
            await().atMost(Duration.ofSeconds(10)).until(() -> waiting.stream().anyMatch(CompletableFuture::isDone));
            int done = waiting.indexOf(waiting.stream().filter(CompletableFuture::isDone).findFirst().orElseThrow());
            waiting.remove(done).get();
            crawl.isLastLane(lanes.remove(done));
        }
    }

    /** That a host is not read in time since there is no room for what it sends is no fault of its. */
    @Test
    void failed_whileThereWasNoRoom_blamesNobody() throws Exception {
        Exchange beyond = fillMemory();
        Exchange exchange = lane(4);
        CompletableFuture<Void> slow = reading(exchange, LARGE);
        await().atMost(Duration.ofSeconds(10)).until(() -> memory.reading().waiting() == 1);
        crawl.isLastLane(beyond);
        slow.get(10, TimeUnit.SECONDS);
        for (int i = 0; i < 5; i++) {
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new SocketTimeoutException("Read timed out"));
            requests.failed(exchange);
        }
        assertThat(PdsRequests.answer(exchange).isThrottled()).isTrue();
        assertThat(crawl.isUp(exchange)).isTrue();
        requests.pace(exchange);
        requests.failed(exchange);
        assertThat(PdsRequests.answer(exchange).failure()).as("the next request has room").isPresent();
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
