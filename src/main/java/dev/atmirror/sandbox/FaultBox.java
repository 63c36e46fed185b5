package dev.atmirror.sandbox;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumMap;
import java.util.Map;

/** How often each fault is still to happen, and the faults that meet a request before all else. Thread-safe. */
final class FaultBox implements Handler<RoutingContext> {
    private final Map<Fault, Integer> left = new EnumMap<>(Fault.class);

    /** Sets those named; 0 ends a fault. */
    synchronized void set(Map<Fault, Integer> times) {
        left.putAll(times);
    }

    /** Whether the fault is to happen now; if so, it happens once less from now on. */
    synchronized boolean take(Fault fault) {
        int times = left.getOrDefault(fault, 0);
        if (times > 0) {
            left.put(fault, times - 1);
        }
        return times > 0;
    }

    synchronized Map<Fault, Integer> left() {
        Map<Fault, Integer> pending = new EnumMap<>(left);
        pending.values().removeIf(times -> times == 0);
        return pending;
    }

    @Override
    public void handle(RoutingContext context) {
        if (take(Fault.STALL)) {
            return; // Neither answered nor handed on.
        }
        if (take(Fault.SERVER_ERROR)) {
            Answers.message(context, 500, "Internal Server Error");
        } else if (take(Fault.TOO_MANY_REQUESTS)) {
            context.response().putHeader("Retry-After", "1");
            Answers.message(context, 429, "Too many requests, please try again later.");
        } else if (take(Fault.HTML)) {
            Answers.body(context, 200, "text/html; charset=utf-8", "<!doctype html><title>Just a moment…</title>\n");
        } else {
            context.next();
        }
    }
}
