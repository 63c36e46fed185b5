package dev.atmirror.route;

import dev.atmirror.net.HostBudget;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * How fast the hosts of handles are asked. What processes share is given out with the claims; what an answer's headers say is
 * kept here, in the budget of all stages: the host of {@code alice.pds.example} is mostly the PDS {@code pds.example}.
 */
public final class HandlePace {
    /** Longer than this nobody waits at a host that asks to come back later. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    private final HostBudget budget;
    private final InstantSource clock;
    private final Supplier<Duration> dnsPause;
    private final Map<String, Instant> paused = new ConcurrentHashMap<>();

    /** @param budget by {@code https://host} @param dnsPause how long the name servers have asked not to be asked */
    public HandlePace(HostBudget budget, InstantSource clock, Supplier<Duration> dnsPause) {
        this.budget = budget;
        this.clock = clock;
        this.dnsPause = dnsPause;
    }

    private static String key(HandleTask.Claimed task) {
        return "https://" + (task.parent().isEmpty() ? task.handle() : task.parent());
    }

    Instant now() {
        return clock.instant();
    }

    /** Reserves a request. @return how long to wait before it is sent */
    Duration take(HandleTask.Claimed task) {
        Duration own = budget.take(key(task));
        Instant now = now();
        Duration shared = task.starts().isAfter(now) ? Duration.between(now, task.starts()) : Duration.ZERO;
        return own.compareTo(shared) > 0 ? own : shared;
    }

    /** @param headers by lower-case name */
    void answered(HandleTask.Claimed task, int status, Map<String, String> headers) {
        budget.answered(key(task), status, headers);
        Duration pause = budget.pausedFor(key(task));
        if (!task.parent().isEmpty() && pause.compareTo(LONGEST_WAIT) > 0) {
            paused.put(task.parent(), now().plus(pause));
        }
    }

    /** Whether it asks for more time than anybody waits. */
    boolean isPaused(HandleTask.Claimed task) {
        return pause(task).compareTo(LONGEST_WAIT) > 0;
    }

    /** Whether name servers have asked not to be asked for a while, so that nothing is to be claimed either. */
    boolean isDnsPaused() {
        return !dnsPause.get().isZero();
    }

    private Duration pause(HandleTask.Claimed task) {
        return budget.pausedFor(key(task));
    }

    /** How long its host, or the name servers, ask not to be asked. */
    Duration untilAsked(HandleTask.Claimed task) {
        Duration host = pause(task);
        Duration dns = dnsPause.get();
        return host.compareTo(dns) > 0 ? host : dns;
    }

    /** Parents of which nothing need be claimed now. */
    String[] paused() {
        Instant now = now();
        paused.values().removeIf(now::isAfter);
        return paused.keySet().toArray(String[]::new);
    }
}
