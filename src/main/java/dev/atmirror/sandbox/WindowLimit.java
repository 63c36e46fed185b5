package dev.atmirror.sandbox;

import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * The limit of one host: so many requests in a fixed window, for all clients together. Counts a request as a violation
 * only where its sender could have known better: an answer that had wholly gone out before the request came told the
 * limit, or that nothing was left. On the event loop only.
 */
final class WindowLimit {
    private static final int TOO_MANY_REQUESTS = 429;

    /** What a host lets its clients know. */
    enum Manner {
        /** As the reference host: the ratelimit headers on each answer. */
        HEADERS(true, false),
        /** And {@code Retry-After} on a refusal. */
        HEADERS_AND_RETRY(true, true),
        RETRY_ONLY(false, true),
        /** Status 429, and that is all. */
        NOTHING(false, false);

        private final boolean headers;
        private final boolean retryAfter;

        Manner(boolean headers, boolean retryAfter) {
            this.headers = headers;
            this.retryAfter = retryAfter;
        }

        /** Every other one as the reference; the others in turn. */
        static Manner of(int host) {
            return values()[Math.max(0, host % 6 - 2)];
        }

        boolean headers() {
            return headers;
        }
    }

    private final int limit;
    private final Duration window;
    private final Manner manner;
    private final InstantSource clock;
    private final HostCounts counts;
    private Instant reset = Instant.MIN;
    private int used;
    private boolean told;
    private Instant warnedUntil = Instant.MIN;

    WindowLimit(NetworkSettings settings, Manner manner, InstantSource clock, HostCounts counts) {
        this.limit = settings.rateLimit();
        this.window = settings.rateWindow();
        this.manner = manner;
        this.clock = clock;
        this.counts = counts;
    }

    /** Whether the request may be answered; else it is answered with 429. Sets headers in either case. */
    boolean admit(HttpServerResponse response) {
        if (limit == 0) {
            return true;
        }
        Instant now = clock.instant();
        if (!now.isBefore(reset)) {
            // To the second, as it is told: who comes back in that very second must be let in.
            reset = now.truncatedTo(ChronoUnit.SECONDS).plus(window);
            used = 0;
        }
        boolean admitted = used < limit;
        used += admitted ? 1 : 0;
        if (!admitted) {
            refuse(response, now);
        }
        tell(response, admitted);
        if (!admitted) {
            XrpcAnswers.error(response, TOO_MANY_REQUESTS, "RateLimitExceeded", "Rate Limit Exceeded");
        }
        return admitted;
    }

    private void refuse(HttpServerResponse response, Instant now) {
        counts.refuse();
        if (now.isBefore(warnedUntil)) {
            counts.ignoredWarning();
        } else if (told) {
            counts.aboveRate();
        }
        if (manner.retryAfter) {
            long seconds = Math.max(1, (Duration.between(now, reset).toMillis() + 999) / 1_000);
            response.putHeader("Retry-After", Long.toString(seconds));
        }
    }

    private void tell(HttpServerResponse response, boolean admitted) {
        if (manner.headers) {
            response.putHeader("RateLimit-Limit", Integer.toString(limit))
                    .putHeader("RateLimit-Remaining", Integer.toString(limit - used))
                    .putHeader("RateLimit-Reset", Long.toString(reset.getEpochSecond()))
                    .putHeader("RateLimit-Policy", limit + ";w=" + window.toSeconds());
        }
        boolean warns = manner.headers && used >= limit || manner.retryAfter && !admitted;
        Instant until = reset;
        response.endHandler(sent -> {
            told |= manner.headers;
            warnedUntil = warns ? until : warnedUntil;
        });
    }
}
