package dev.atmirror.route;

import dev.atmirror.net.Backoff;
import dev.atmirror.net.HostBudgets;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;

/**
 * The real beans that all stages which ask hosts share, for one of them, at a time that stands still; and hosts that say
 * what they are told to.
 */
final class CrawlUnderTest {
    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    static final Duration AGAIN = Duration.ofDays(1);
    static final Duration VISIT = Duration.ofMinutes(5);
    static final long HEAP = 512 << 20;
    private static final double UNHURRIED = 1_000_000; // requests a second, so that no test waits

    final CrawlMetrics metrics = new CrawlMetrics(new SimpleMeterRegistry());
    final AnswerMemory memory = AnswerMemory.of(HEAP);
    final Crawl crawl;
    final PdsRequests requests;
    final HostRounds rounds;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private Instant now = NOW;
    private boolean logSaysWhereAccountsAre = true;

    CrawlUnderTest(String stage, int hostsAtOnce, int lanes) {
        InstantSource clock = () -> now;
        CrawlBudget budget = new CrawlBudget(
                new HostBudgets(UNHURRIED, clock, new Random(1)), new HostBudgets(UNHURRIED, clock, new Random(2)), memory);
        crawl = new Crawl("test", budget, new Backoff(new Random(3)), clock, () -> logSaysWhereAccountsAre);
        requests = new PdsRequests(crawl, metrics);
        rounds = new HostRounds(crawl, StagePace.scheduled(stage, hostsAtOnce, lanes, AGAIN, VISIT));
    }

    /** With room for ten hosts, one lane each. */
    CrawlUnderTest(String stage) {
        this(stage, 10, 1);
    }

    void beforeTheLogHasCaughtUp() {
        logSaysWhereAccountsAre = false;
    }

    void later(Duration by) {
        now = now.plus(by);
    }

    /** Rows of the claim for hosts with these numbers; 7 is {@code https://h7.test}. */
    static List<Map<String, Object>> claimed(int... hosts) {
        return IntStream.of(hosts).mapToObj(CrawlUnderTest::row).toList();
    }

    private static Map<String, Object> row(int host) {
        Map<String, Object> row = new HashMap<>();
        row.put("id", host);
        row.put("pds", "https://h" + host + ".test");
        row.put("operator", "h" + host + ".test");
        row.put("list_cursor", null);
        for (String number : List.of("failures", "stage_failures", "pass", "list_pages", "named")) {
            row.put(number, 0);
        }
        return row;
    }

    /** Begins a visit of that host: what each of its lanes gets as its body. */
    HostVisit visit(int host) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setBody(claimed(host));
        rounds.begin(exchange);
        return (HostVisit) exchange.getMessage().getBody(List.class).get(0);
    }

    /** Makes an exchange one of the visit's lanes. */
    void enter(Exchange exchange, HostVisit visit) {
        exchange.getMessage().setBody(visit);
        crawl.enter(exchange);
    }

    /** In the place of {@code pds-fetch}: notes what is asked, and answers so, one request behind the other. */
    Processor host(Answer... answers) {
        Iterator<Answer> next = Arrays.asList(answers).iterator();
        return exchange -> {
            requests.address(exchange);
            asked.add(exchange.getMessage().getHeader(Exchange.HTTP_URI) + "?" + exchange.getMessage().getHeader(Exchange.HTTP_QUERY));
            next.next().to(exchange);
            requests.read(exchange);
        };
    }

    /** The requests so far. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** What HTTP gives. */
    record Answer(int status, String body) {
        static Answer ok(String body) {
            return new Answer(200, body.replace('\'', '"'));
        }

        void to(Exchange exchange) {
            exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
            exchange.getMessage().setBody(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
