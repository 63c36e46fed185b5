package dev.atmirror.route;

import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.Rejection;
import dev.atmirror.plc.VerifiedPage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which operations are rejected: one warning for each of the first few, then one that sums up, so that a log full of
 * bad operations fills no disk. After a while without any the next are named one by one again.
 */
public final class RejectionLog {
    private static final int NAMED = 10;
    private static final Duration EVERY = Duration.ofMinutes(5); // between two sums
    private static final int LONGEST = 100; // characters of what strangers claim; a DID has 32, a CID 59
    private static final Logger LOG = LoggerFactory.getLogger(RejectionLog.class);

    private final InstantSource clock;
    private final Map<Rejection, Long> unnamed = new TreeMap<>();
    private Instant since = Instant.EPOCH;
    private int named;

    public RejectionLog(InstantSource clock) {
        this.clock = clock;
    }

    /** Takes note of a page that is stored, whether or not anything of it was rejected. */
    public synchronized void stored(List<VerifiedPage.Rejected> rejected) {
        if (!clock.instant().isBefore(since.plus(EVERY))) {
            end();
        }
        for (VerifiedPage.Rejected one : rejected) {
            if (named == 0) {
                since = clock.instant();
            }
            if (named < NAMED) {
                named++;
                name(one.operation(), one.reason());
            } else {
                unnamed.merge(one.reason(), 1L, Long::sum);
            }
        }
    }

    private static void name(ExportedOperation operation, Rejection reason) {
        LOG.warn("plc-logs: operation {} of {} is rejected ({}: {}); it is kept in rejected_operations",
                clean(operation.cid()), clean(operation.did()), reason, reason.detail());
    }

    private static String clean(String claimed) {
        String shown = claimed.replaceAll("[^\\x21-\\x7e]", "?");
        return shown.length() > LONGEST ? shown.substring(0, LONGEST) + "…" : shown;
    }

    /** Sums up what was not named. */
    public synchronized void end() {
        long more = unnamed.values().stream().mapToLong(Long::longValue).sum();
        if (more > 0) {
            LOG.warn("plc-logs: {} more operations were rejected since {} and are kept in rejected_operations: {}", more, since,
                    unnamed.entrySet().stream().map(reason -> reason.getKey() + " " + reason.getValue()).collect(Collectors.joining(", ")));
            since = clock.instant();
        } else {
            named = 0;
        }
        unnamed.clear();
    }
}
