package dev.atmirror.plc;

import dev.atmirror.identity.PlcOperation;
import java.time.Instant;
import java.util.List;

/**
 * A page after verification: what to store, in the order of the log.
 *
 * @param duplicates operations that the log already holds
 */
public record VerifiedPage(PlcPage page, List<Accepted> accepted, List<Rejected> rejected, int duplicates) {
    /**
     * @param id the mirror's own sequence number, greater than all before it
     * @param isNewAccount whether this is the account's genesis
     * @param prev id of the operation that prev names; 0 for a genesis
     * @param signer index of the signing key among the allowed rotation keys
     * @param nullifies ids of earlier operations that this one undoes
     */
    public record Accepted(
            long id,
            int account,
            boolean isNewAccount,
            String did,
            String cid,
            Instant createdAt,
            long prev,
            int signer,
            List<Long> nullifies,
            PlcOperation operation) {}

    public record Rejected(ExportedOperation operation, Rejection reason) {}
}
