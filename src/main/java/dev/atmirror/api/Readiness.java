package dev.atmirror.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether answers may be relied on.
 *
 * @param caughtUpOnce whether everything the upstream had was stored once, ever
 * @param ready the database answers, and all that the upstream had was stored lately; a quiet log is ready too
 * @param behind how far what is stored lies behind now, while it is not known to be up to date: since the newest operation,
 *     or since nothing was left to read, if that was later
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
        Optional<Instant> lastPoll,
        Trouble trouble) {

    /** Without trouble. */
    public Readiness(
            boolean caughtUpOnce,
            boolean ready,
            String host,
            String kind,
            long seq,
            Instant time,
            boolean streaming,
            Optional<Duration> behind,
            Optional<Instant> lastPoll) {
        this(caughtUpOnce, ready, host, kind, seq, time, streaming, behind, lastPoll, Trouble.NONE);
    }

    /**
     * What keeps the mirror from being up to date.
     *
     * @param database why it does not answer; empty while it does
     * @param upstream last failure of a request to it, in words
     * @param upstreamAt when that was
     * @param nextTry when it is asked again; empty unless the last request failed
     * @param readOnly whether the database takes no writes, so that this process serves what another one stores
     */
    public record Trouble(
            Optional<String> database,
            Optional<String> upstream,
            Optional<Instant> upstreamAt,
            Optional<Instant> nextTry,
            boolean readOnly) {
        public static final Trouble NONE =
                new Trouble(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    /** Asked for each request, so it must not cost a query. */
    @FunctionalInterface
    public interface Source {
        Readiness now();
    }

    String behindText() {
        return behind.map(d -> d.toDays() > 2 ? d.toDays() + " days" : d.toMinutes() + " minutes").orElse("an unknown time");
    }
}
