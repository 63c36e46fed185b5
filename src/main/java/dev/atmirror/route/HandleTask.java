package dev.atmirror.route;

import dev.atmirror.handle.HandleClaim;
import dev.atmirror.handle.HandleResult;
import dev.atmirror.handle.HandleVerdict;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** One claimed handle, and what is found out about it. Used by one thread at a time. */
final class HandleTask {
    /**
     * @param account of {@code plc_account}
     * @param operation that declares the handle
     * @param declared when
     * @param claim the date by which the claim ends, as the database wrote it
     * @param parent whose pace counts; empty for a domain of its own
     * @param starts when the first request of this claim may go there
     * @param before what was known of this very handle; unchecked for another
     * @param since when that began
     * @param pointedTo what the handle pointed to then; empty for the account itself, or nothing
     * @param failures in a row
     */
    record Claimed(
            int account,
            String did,
            long operation,
            String handle,
            Instant declared,
            String claim,
            String parent,
            Instant starts,
            HandleResult before,
            Instant since,
            String pointedTo,
            int failures) {

        /** @param row of {@code sql/handle/claim.sql} */
        static Claimed of(Map<?, ?> row, Instant now) {
            boolean known = (Boolean) row.get("known");
            return new Claimed(
                    number(row, "account").intValue(),
                    (String) row.get("did"),
                    number(row, "operation").longValue(),
                    (String) row.get("handle"),
                    Instant.ofEpochSecond(number(row, "declared").longValue()),
                    (String) row.get("claim"),
                    (String) row.get("parent"),
                    now.plusMillis((long) (number(row, "starts").doubleValue() * 1_000)),
                    known ? HandleResult.of((String) row.get("result")) : HandleResult.UNCHECKED,
                    Instant.ofEpochSecond(number(row, "since").longValue()),
                    known ? (String) row.get("points_to") : "",
                    known ? number(row, "failures").intValue() : 0);
        }

        private static Number number(Map<?, ?> row, String column) {
            return (Number) row.get(column);
        }
    }

    private final Claimed claimed;
    private HandleClaim dns = new HandleClaim.NoAnswer("not asked");
    private HandleClaim wellKnown = new HandleClaim.NoAnswer("not asked");
    private boolean hostHeard;
    private Optional<HandleVerdict> verdict = Optional.empty();
    private boolean later;

    HandleTask(Claimed claimed) {
        this.claimed = claimed;
    }

    Claimed claimed() {
        return claimed;
    }

    /** Nobody was asked, or whoever was asked to come again later. */
    void later() {
        later = true;
    }

    boolean isLater() {
        return later;
    }

    void dnsSays(HandleClaim claim) {
        dns = claim;
    }

    HandleClaim dns() {
        return dns;
    }

    void wellKnownSays(HandleClaim claim) {
        wellKnown = claim;
        hostHeard = true;
    }

    /** Whether the host has answered, or failed. */
    boolean hasHeardTheHost() {
        return hostHeard || later;
    }

    void decide(HandleVerdict found) {
        verdict = Optional.of(found);
    }

    /** Whether nothing more is to be asked. */
    boolean isDecided() {
        return verdict.isPresent() || later || dns.decides();
    }

    /** From what was asked. */
    void decide() {
        if (verdict.isEmpty() && !later) {
            verdict = Optional.of(HandleVerdict.of(claimed.did(), claimed.handle(), dns, wellKnown));
        }
    }

    /** Empty while there is none, and for what waits for later. */
    Optional<HandleVerdict> verdict() {
        return verdict;
    }
}
