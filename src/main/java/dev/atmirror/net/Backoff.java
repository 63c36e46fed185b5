package dev.atmirror.net;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a host that failed is left alone: twice as long after each failure, with jitter, so that hosts which failed
 * together are not asked together again. Own code, since the libraries (Failsafe, resilience4j) draw from a randomness
 * of their own, which no test can set.
 */
public final class Backoff {
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(12); // a host that came back is found within the day

    private static final int MOST_DOUBLINGS = 30; // of milliseconds fit a long, and are over any longest

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;

    /** From a minute to twelve hours. @param random used by several threads */
    public Backoff(RandomGenerator random) {
        this(FIRST, LONGEST, random);
    }

    /** @param random used by several threads */
    public Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /**
     * @param failures in a row, this one included; 1 or more
     * @return between {@code first * 2^(failures-1)} and twice that; in the end between half the longest and all of it
     */
    public Duration next(int failures) {
        long most = longest.toMillis();
        int doublings = Math.min(Math.max(failures, 1), MOST_DOUBLINGS);
        long upper = Math.min(most, first.toMillis() << doublings);
        return Duration.ofMillis(random.nextLong(upper / 2, upper + 1));
    }
}
