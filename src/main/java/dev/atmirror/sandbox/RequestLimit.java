package dev.atmirror.sandbox;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** So many requests in a fixed window of time, for all clients together: on localhost they have one address anyway. */
final class RequestLimit implements Handler<RoutingContext> {
    private final int limit;
    private final Duration window;
    private final InstantSource clock;
    private Instant reset = Instant.MIN;
    private int used;

    /** @param limit 0 for none */
    RequestLimit(int limit, Duration window, InstantSource clock) {
        this.limit = limit;
        this.window = window;
        this.clock = clock;
    }

    @Override
    public void handle(RoutingContext context) {
        if (limit == 0 || admit(context)) {
            context.next();
        }
    }

    private synchronized boolean admit(RoutingContext context) {
        Instant now = clock.instant();
        if (!now.isBefore(reset)) {
            reset = now.plus(window);
            used = 0;
        }
        boolean admitted = used < limit;
        used += admitted ? 1 : 0;
        context.response()
                .putHeader("ratelimit-limit", Integer.toString(limit))
                .putHeader("ratelimit-remaining", Integer.toString(limit - used))
                .putHeader("ratelimit-reset", Long.toString(reset.getEpochSecond()))
                .putHeader("ratelimit-policy", limit + ";w=" + window.toSeconds());
        if (!admitted) {
            long seconds = Math.max(1, Duration.between(now, reset).toSeconds());
            context.response().putHeader("Retry-After", Long.toString(seconds));
            Answers.message(context, 429, "Too many requests, please try again later.");
        }
        return admitted;
    }
}
