package dev.atmirror.store;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the handle that an account declares now.
 *
 * @param result valid, no_record, points_elsewhere, conflicting_records, invalid_syntax, reserved; unreachable where nobody
 *     ever answered; unchecked
 * @param method dns or well-known
 * @param pointsTo the DID that the handle points to, if that is another
 * @param detail why, in one line
 * @param checkedAt last answer that decides
 * @param triedAt last answer or failure
 * @param failures in a row since {@code checkedAt}
 */
public record CheckedHandle(
        String result,
        Optional<String> method,
        Optional<String> pointsTo,
        Optional<String> detail,
        Optional<Instant> checkedAt,
        Optional<Instant> triedAt,
        int failures) {
    private static final Set<String> OPEN = Set.of("unchecked", "unreachable");

    /** Both ways: the handle points to the account that declares it. */
    public boolean isValid() {
        return result.equals("valid");
    }

    /** Nothing is known yet. */
    public boolean isOpen() {
        return OPEN.contains(result);
    }

    /** Verified not to be the account's, which is more than not to be verified. */
    public boolean isInvalid() {
        return !isValid() && !isOpen();
    }
}
