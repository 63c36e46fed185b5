package dev.atmirror.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether answers may be relied on.
 *
 * @param caughtUpOnce whether everything the upstream had was stored once, ever
 * @param ready caught up, and the upstream has answered lately; a quiet log is ready too
 * @param behind time between now and the newest operation that was read, while reading is behind
 */
public record Readiness(
        boolean caughtUpOnce,
        boolean ready,
        String host,
        String kind,
        long seq,
        Instant time,
        boolean streaming,
        Optional<Duration> behind,
        Optional<Instant> lastPoll) {

    /** Asked for each request, so it must not cost a query. */
    @FunctionalInterface
    public interface Source {
        Readiness now();
    }

    String behindText() {
        return behind.map(d -> d.toDays() > 2 ? d.toDays() + " days" : d.toMinutes() + " minutes").orElse("an unknown time");
    }
}
