package dev.atmirror.route;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a stage asks hosts.
 *
 * @param stage its name, which is its route's
 * @param hostsAtOnce hosts that are asked at the same time
 * @param lanes requests to one host at the same time
 * @param again when what was asked is asked again
 * @param visit how long a host is asked before others get their turn
 * @param due what is due, for a run of a command: everything older than its option says; else what is due by now
 * @param only the hosts of a command's options; none means all
 * @param start hosts from here on, in alphabetical order
 */
public record StagePace(
        String stage,
        int hostsAtOnce,
        int lanes,
        Duration again,
        Duration visit,
        Optional<Instant> due,
        List<String> only,
        String start) {
    /** A stage as its schedule runs it. */
    public static StagePace scheduled(String stage, int hostsAtOnce, int lanes, Duration again, Duration visit) {
        return new StagePace(stage, hostsAtOnce, lanes, again, visit, Optional.empty(), List.of(), "");
    }

    /** The same for one run of a command. */
    public StagePace once(Instant dueUntil, List<String> hosts, String from) {
        return new StagePace(stage, hostsAtOnce, lanes, again, visit, Optional.of(dueUntil), List.copyOf(hosts), from);
    }

    /** What is due before this instant is due. */
    public Instant due(Instant now) {
        return due.filter(now::isBefore).orElse(now);
    }

    /** Null for all, as SQL has it. */
    String[] onlyHosts() {
        return only.isEmpty() ? null : only.toArray(String[]::new);
    }
}
