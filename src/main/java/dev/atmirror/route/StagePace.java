package dev.atmirror.route;

import java.time.Duration;
import java.util.List;

/**
 * How a stage asks hosts.
 *
 * @param stage its name, which is its route's
 * @param hostsAtOnce hosts that are asked at the same time
 * @param lanes requests to one host at the same time
 * @param again when what was asked is asked again
 * @param visit how long a host is asked before others get their turn
 * @param only the hosts of a command's options; none means all
 * @param start hosts from here on, in alphabetical order
 */
public record StagePace(
        String stage,
        int hostsAtOnce,
        int lanes,
        Duration again,
        Duration visit,
        List<String> only,
        String start) {
    private static final Duration LONGEST_CLAIM = Duration.ofMinutes(15);

    /** A stage as its schedule runs it. */
    public static StagePace scheduled(String stage, int hostsAtOnce, int lanes, Duration again, Duration visit) {
        return new StagePace(stage, hostsAtOnce, lanes, again, visit, List.of(), "");
    }

    /** The same for one run of a command. */
    public StagePace once(List<String> hosts, String from) {
        return new StagePace(stage, hostsAtOnce, lanes, again, visit, List.copyOf(hosts), from);
    }

    /** How long a claim of accounts holds: far longer than a batch takes, and shorter than what was asked is asked again. */
    public Duration claim() {
        Duration half = again.dividedBy(2);
        return half.compareTo(LONGEST_CLAIM) < 0 ? half : LONGEST_CLAIM;
    }

    /** Null for all, as SQL has it. */
    String[] onlyHosts() {
        return only.isEmpty() ? null : only.toArray(String[]::new);
    }
}
