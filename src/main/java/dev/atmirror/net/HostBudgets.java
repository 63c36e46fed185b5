package dev.atmirror.net;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Spaces the requests to each key evenly, without bursts, at the slowest of: the default rate, nine tenths of what the
 * host's policy allows, and what it says remains, spread over the time until it resets. A 429, a 503 that says when to
 * come again, and a used-up window pause the key. Keys unused for an hour are forgotten, which is as long as any pause.
 *
 * <p>Thread-safe: the state of a key is an immutable value, replaced atomically; nobody waits here.
 *
 * <p>Own code, since the libraries' part of it would be the one line that adds a spacing to a moment: Failsafe's smooth
 * limiter cannot be re-paced, resilience4j's admits a window's worth at once, and Bucket4j, which can be re-paced, knows
 * no pause and no pace that ends at a moment, so that all of the state below would stand beside it.
 */
public final class HostBudgets implements HostBudget {
    private static final Duration FORGET_AFTER = RateHeaders.LONGEST_PAUSE;
    private static final int MOST_KEYS = 100_000; // 16,000 hosts are named today
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1); // "now" after a 429 would only bring another
    private static final Duration USUAL_PAUSE = Duration.ofSeconds(30); // for a 429 that gives no time
    private static final int USED_PER_TEN = 9; // of what is allowed; the rest is for requests under way, and others
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final Cache<String, Pace> paces;
    private final Duration usual;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * @param rate requests a second of one key, where the host does not ask for less
     * @param random for the length of pauses; used by several threads
     */
    public HostBudgets(double rate, InstantSource clock, RandomGenerator random) {
        if (!(rate > 0)) {
            throw new IllegalArgumentException("a rate of " + rate + " requests a second: set more than 0");
        }
        this.usual = Duration.ofNanos((long) (TimeUnit.SECONDS.toNanos(1) / rate));
        this.clock = clock;
        this.random = random;
        this.paces = Caffeine.newBuilder()
                .expireAfterAccess(FORGET_AFTER)
                .maximumSize(MOST_KEYS)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .build();
    }

    @Override
    public Duration take(String key) {
        Instant now = clock.instant();
        Pace taken = paces.asMap().compute(key, (k, pace) -> known(pace).take(now));
        return untilFrom(taken.last, now);
    }

    @Override
    public void answered(String key, int status, Map<String, String> headers) {
        Instant now = clock.instant();
        RateHeaders said = RateHeaders.of(headers, now);
        Instant pause = pause(status, said, now);
        paces.asMap().compute(key, (k, pace) -> known(pace).learn(said, usual, now).pause(pause));
    }

    @Override
    public boolean isPaused(String key) {
        return !pausedFor(key).isZero();
    }

    @Override
    public Duration pausedFor(String key) {
        Pace pace = paces.getIfPresent(key);
        return pace == null ? Duration.ZERO : untilFrom(pace.pausedUntil, clock.instant());
    }

    private Pace known(Pace pace) {
        return pace == null ? new Pace(Instant.MIN, Instant.MIN, Instant.MIN, usual, usual, Instant.MIN) : pace;
    }

    private Instant pause(int status, RateHeaders said, Instant now) {
        if (status == TOO_MANY_REQUESTS) {
            Instant asked = said.retryAfter().or(said::reset).orElseGet(() -> now.plus(USUAL_PAUSE)
                    .plusNanos(random.nextLong(USUAL_PAUSE.toNanos())));
            return later(asked, now.plus(SHORTEST_PAUSE));
        }
        if (status == UNAVAILABLE && said.retryAfter().isPresent()) {
            return said.retryAfter().get();
        }
        return said.remaining().orElse(1) == 0 ? said.reset().orElse(Instant.MIN) : Instant.MIN;
    }

    private static Duration untilFrom(Instant moment, Instant now) {
        return moment.isAfter(now) ? Duration.between(now, moment) : Duration.ZERO;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /**
     * @param last when the last request taken is due
     * @param free when the next one is
     * @param spacing that the policy allows
     * @param spread that what remains allows, until {@code spreadUntil}
     */
    private record Pace(
            Instant last, Instant free, Instant pausedUntil, Duration spacing, Duration spread, Instant spreadUntil) {
        Pace take(Instant now) {
            Instant due = later(now, later(free, pausedUntil));
            Instant next = due.plus(spacing);
            if (due.isBefore(spreadUntil)) { // and behind the reset all is allowed again
                Instant shared = due.plus(spread);
                next = later(next, shared.isBefore(spreadUntil) ? shared : spreadUntil);
            }
            return new Pace(due, next, pausedUntil, spacing, spread, spreadUntil);
        }

        Pace learn(RateHeaders said, Duration usual, Instant now) {
            Duration allowed = said.spacing().map(Pace::withSpare).map(s -> longer(s, usual)).orElse(spacing);
            if (said.remaining().isEmpty() || said.reset().isEmpty()) {
                return new Pace(last, free, pausedUntil, allowed, spread, spreadUntil);
            }
            Instant reset = said.reset().get();
            Duration share = Duration.between(now, reset).dividedBy(Math.max(1, said.remaining().getAsLong()));
            return new Pace(last, free, pausedUntil, allowed, withSpare(share), reset);
        }

        Pace pause(Instant until) {
            return new Pace(last, free, later(pausedUntil, until), spacing, spread, spreadUntil);
        }

        private static Duration withSpare(Duration spacing) {
            return spacing.multipliedBy(10).dividedBy(USED_PER_TEN);
        }
    }
}
