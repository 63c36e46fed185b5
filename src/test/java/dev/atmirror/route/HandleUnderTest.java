package dev.atmirror.route;

import dev.atmirror.handle.HandleDns;
import dev.atmirror.handle.LocalHandles;
import dev.atmirror.net.Backoff;
import dev.atmirror.net.HostBudgets;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.camel.Exchange;

/** The real beans of the stage that checks handles, at a time that stands still. Account 7 is {@code did:plc:7}. */
final class HandleUnderTest {
    static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    static final Duration LONGEST = Duration.ofDays(30);
    static final Duration CLAIM = Duration.ofMinutes(2);
    private static final double UNHURRIED = 1_000_000; // requests a second, so that no test waits

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final HandleLog log;
    final HandlePace pace;
    final HandleRounds rounds;
    final HandleChecks checks;
    final HandleRows rows;
    boolean mayBegin = true;
    Duration dnsPause = Duration.ZERO;

    HandleUnderTest(int atOnce) {
        InstantSource clock = InstantSource.fixed(NOW);
        pace = new HandlePace(new HostBudgets(UNHURRIED, clock, new Random(1)), clock, () -> dnsPause);
        rounds = new HandleRounds(new HandleRounds.Settings(atOnce, 10, CLAIM), pace, () -> mayBegin);
        log = new HandleLog(List.of("*.brid.gy"), clock);
        // No route test lets it ask.
        HandleDns dns = HandleDns.open(
                List.of("127.0.0.1:9"), Duration.ofMillis(50), new HostBudgets(UNHURRIED, clock, new Random(1)));
        checks = new HandleChecks(
                new HandleChecks.Sources(dns, new LocalHandles(List.of("local.test=127.0.0.1:7")), false, true),
                rounds, pace, new HandleMetrics(registry, new CrawlMetrics(registry)));
        rows = new HandleRows(pace, log, rounds,
                new HandleRows.Schedule(LONGEST, new Backoff(Duration.ofMinutes(10), Duration.ofDays(7), new Random(2)), new Random(3)));
    }

    HandleUnderTest() {
        this(10);
    }

    /** A row of the claim, of a handle that was never checked. */
    static Map<String, Object> claimed(int account, String handle) {
        Map<String, Object> row = new HashMap<>();
        row.put("visited", 1L);
        row.put("account", account);
        row.put("did", "did:plc:" + account);
        row.put("operation", 100L + account);
        row.put("handle", handle);
        row.put("declared", NOW.minus(Duration.ofDays(400)).getEpochSecond());
        row.put("claim", "2030-01-01 00:02:00+00");
        row.put("parent", "");
        row.put("starts", 0.0);
        row.put("result", "-");
        row.put("since", 0L);
        row.put("failures", 0);
        row.put("points_to", "");
        row.put("known", false);
        return row;
    }

    /** What a claim gives where nothing was due. */
    static Map<String, Object> nothing(long visited) {
        Map<String, Object> row = new HashMap<>();
        row.put("visited", visited);
        row.put("account", null);
        return row;
    }

    static HandleTask task(int account, String handle) {
        return new HandleTask(HandleTask.Claimed.of(claimed(account, handle), NOW));
    }

    static HandleTask taskOf(Exchange exchange) {
        return exchange.getProperty("handleTask", HandleTask.class);
    }
}
