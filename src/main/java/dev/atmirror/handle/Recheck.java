package dev.atmirror.handle;

import java.time.Duration;
import java.time.Instant;

/**
 * When a handle is checked again.
 *
 * @param again not before
 * @param fresh changed of late, so that it comes before those which are only due once more
 */
public record Recheck(Instant again, boolean fresh) {
    /** A first record takes minutes to spread, and people correct themselves within the hour. */
    private static final Duration SHORTEST = Duration.ofMinutes(10);

    private static final Duration LATELY = Duration.ofDays(1);
    private static final int VALID_STAY = 3; // the next look is after three times the age; what fails is looked at twice as often
    private static final double LEAST_JITTER = 0.85;
    private static final double JITTER = 0.3;

    /**
     * @param changed when the handle was declared, or came to have this result
     * @param longest between two checks of what does not change
     * @param draw between 0 and 1: those that were checked together shall not come together again
     */
    public static Recheck of(HandleResult result, Instant changed, Instant now, Duration longest, double draw) {
        Duration age = changed.isBefore(now) ? Duration.between(changed, now) : Duration.ZERO;
        Duration wait = result == HandleResult.VALID && age.compareTo(longest) < 0 ? age.multipliedBy(VALID_STAY) : age;
        Duration bounded = wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait.compareTo(longest) > 0 ? longest : wait;
        Duration jittered = Duration.ofMillis((long) (bounded.toMillis() * (LEAST_JITTER + JITTER * draw)));
        return new Recheck(now.plus(jittered), isFresh(changed, now));
    }

    /** The same where nobody answered. @param pause grows with each failure */
    public static Recheck afterFailure(Instant changed, Instant now, Duration pause) {
        return new Recheck(now.plus(pause), isFresh(changed, now));
    }

    private static boolean isFresh(Instant changed, Instant now) {
        return changed.isAfter(now.minus(LATELY));
    }
}
