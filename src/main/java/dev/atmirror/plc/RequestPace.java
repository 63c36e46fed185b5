package dev.atmirror.plc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slows requests as the upstream's headers ask: {@code ratelimit-remaining} and {@code -reset} spread what is left over
 * the rest of the window, {@code Retry-After} is waited out, and failures back off. All of them may be absent.
 */
public final class RequestPace {
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(2);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15); // no upstream stops us for longer than this
    private static final long LONGEST_DELTA = 1_000_000; // seconds; no unix time of our days is as small
    private static final long MILLIS = 1_000; // of a second
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SPARE = 20; // requests of a window that are left to others behind the same address
    private static final Logger LOG = LoggerFactory.getLogger(RequestPace.class);

    private final InstantSource clock;
    private final PlcMetrics metrics;
    private Instant resumeAt = Instant.EPOCH;
    private int failures;
    private Optional<Failure> lastFailure = Optional.empty();

    /** @param what happened, in words that begin with the upstream's address */
    public record Failure(Instant at, String what) {}

    public RequestPace(PlcMetrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Milliseconds until the next request is due; Camel's delayer takes them so. */
    public synchronized long nextFree() {
        return Math.max(0, Duration.between(clock.instant(), resumeAt).toMillis());
    }

    /** After a good answer. @param header value of a response header, by lower-case name */
    public synchronized void answered(Function<String, Optional<String>> header) {
        if (failures > 0) {
            LOG.info("plc-logs: the upstream answers again, after {} failed attempts", failures);
        }
        failures = 0;
        Optional<Long> remaining = header.apply("ratelimit-remaining").flatMap(RequestPace::number);
        Optional<Long> reset = header.apply("ratelimit-reset").flatMap(RequestPace::number);
        if (remaining.isPresent() && reset.isPresent() && remaining.get() < SPARE) {
            Duration left = until(reset.get());
            if (!left.isNegative()) {
                waitFor(left.dividedBy(Math.max(1, remaining.get())));
            }
        }
    }

    /** After a failure. @param status of the answer; 0 without one @param kind for the metric */
    public synchronized void failed(int status, String kind, Function<String, Optional<String>> header) {
        failed(status, kind, "upstream failed (" + kind + ")", header);
    }

    /** The same. @param what happened, for the log and for whoever asks how the mirror is */
    public synchronized void failed(
            int status, String kind, String what, Function<String, Optional<String>> header) {
        metrics.upstreamFailure(kind, 1);
        failures++;
        Duration backoff = FIRST_BACKOFF.multipliedBy(1L << Math.min(failures - 1, 10));
        Optional<Duration> asked = header.apply("retry-after")
                .flatMap(this::retryAfter)
                .or(() -> status == TOO_MANY_REQUESTS
                        ? header.apply("ratelimit-reset").flatMap(RequestPace::number).map(this::until)
                        : Optional.empty());
        Duration wait = asked.orElse(backoff.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : backoff);
        // Whoever says 0, or a moment that has passed, is not to be asked without pause.
        waitFor(wait.compareTo(FIRST_BACKOFF) < 0 ? FIRST_BACKOFF : wait);
        lastFailure = Optional.of(new Failure(clock.instant(), what));
        LOG.warn("plc-logs: {}; retrying in {} s{} (attempt {})", what,
                (nextFree() + MILLIS - 1) / MILLIS, asked.isPresent() ? ", as it asks" : "", failures);
    }

    /** When the upstream is asked again after a failure; empty while it answers. */
    public synchronized Optional<Instant> nextTry() {
        return failures > 0 ? Optional.of(resumeAt) : Optional.empty();
    }

    /** Why the next request waits, for a person. */
    public synchronized String reason() {
        return failures > 0 ? "as " + lastFailure.map(Failure::what).orElse("the upstream failed") : "as the upstream asks";
    }

    /** The last request that was not answered as it should, since the start of the program. */
    public synchronized Optional<Failure> lastFailure() {
        return lastFailure;
    }

    private void waitFor(Duration wait) {
        Duration bounded = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        Instant until = clock.instant().plus(bounded);
        resumeAt = until.isAfter(resumeAt) ? until : resumeAt;
    }

    /** Unix seconds, as the directory means them; small numbers are seconds from now, as some proxies mean them. */
    private Duration until(long reset) {
        if (reset < LONGEST_DELTA) {
            return Duration.ofSeconds(reset);
        }
        Instant now = clock.instant();
        return Duration.between(now, Instant.ofEpochSecond(Math.min(reset, now.plus(LONGEST_WAIT).getEpochSecond())));
    }

    /** Seconds or an HTTP date (RFC 9110, section 10.2.3). */
    private Optional<Duration> retryAfter(String text) {
        Optional<Duration> seconds = number(text).map(Duration::ofSeconds);
        if (seconds.isPresent()) {
            return seconds;
        }
        try {
            Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
            return Optional.of(Duration.between(clock.instant(), date));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
