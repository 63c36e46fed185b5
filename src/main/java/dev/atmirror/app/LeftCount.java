package dev.atmirror.app;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** How much a run has before it, counted behind its back, as millions of rows take seconds. */
final class LeftCount {
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final Supplier<OptionalLong> counting;
    private final InstantSource clock;
    private OptionalLong left = OptionalLong.empty();
    private long doneWhenCounted;
    private Instant counted = Instant.EPOCH;
    private boolean busy;

    LeftCount(Supplier<OptionalLong> counting, InstantSource clock) {
        this.counting = counting;
        this.clock = clock;
    }

    /** As last counted, less what was done since. @param done so far; from time to time that begins another count */
    synchronized OptionalLong after(long done) {
        if (!busy && Duration.between(counted, clock.instant()).compareTo(EVERY) >= 0) {
            busy = true;
            Thread thread = new Thread(() -> count(done), "count-left");
            thread.setDaemon(true);
            thread.start();
        }
        return left.isPresent() ? OptionalLong.of(Math.max(0, left.getAsLong() - (done - doneWhenCounted))) : left;
    }

    private void count(long done) {
        OptionalLong found = OptionalLong.empty();
        try {
            found = counting.get();
        } finally {
            synchronized (this) {
                left = found;
                doneWhenCounted = done;
                counted = clock.instant();
                busy = false;
            }
        }
    }
}
