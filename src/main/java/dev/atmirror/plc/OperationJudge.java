package dev.atmirror.plc;

import dev.atmirror.identity.Cid;
import dev.atmirror.identity.DagCbor;
import dev.atmirror.identity.Did;
import dev.atmirror.identity.PlcOperation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Judges one operation by the log of its DID (did:plc specification, "Operation Signing, Encoding, and Validation"), be it
 * read from an upstream or loaded from a dump. Thread-safe, but the logs are not: one thread for each DID at a time.
 */
public final class OperationJudge {
    private static final Duration RECOVERY_WINDOW = Duration.ofHours(72);
    /** The signer's index must fit the storage; the directory allows 10, and history knows no more than a few dozen. */
    private static final int MAX_KEYS = Short.MAX_VALUE;

    private static final int NOBODY = -1;

    private final Signatures signatures = new Signatures();
    private final boolean trusting;
    private final UnaryOperator<List<String>> shared;

    /**
     * @param trusting takes signatures for good unchecked; hashes, order and nullification count all the same
     * @param shared gives one copy of equal key lists, or just the list
     */
    public OperationJudge(boolean trusting, UnaryOperator<List<String>> shared) {
        this.trusting = trusting;
        this.shared = shared;
    }

    /**
     * What became of an operation: accepted, rejected with its reason, or passed over as the log holds it already.
     *
     * @param operation empty unless accepted
     * @param cid as computed; empty for what has none
     * @param prev id of the operation that prev names; 0 for a genesis
     * @param signer index of the signing key among the allowed rotation keys
     * @param nullifies ids of earlier operations that this one undoes
     */
    public record Verdict(
            Optional<PlcOperation> operation,
            Optional<Rejection> rejection,
            String cid,
            long prev,
            int signer,
            List<Long> nullifies) {
        static Verdict rejected(Rejection reason) {
            return new Verdict(Optional.empty(), Optional.of(reason), "", 0, NOBODY, List.of());
        }

        static Verdict known(String cid) {
            return new Verdict(Optional.empty(), Optional.empty(), cid, 0, NOBODY, List.of());
        }

        public boolean isAccepted() {
            return operation.isPresent();
        }
    }

    /** An operation while it is looked at. */
    private record Claim(ExportedOperation exported, PlcOperation operation, DagCbor.Hashes hashes, long id, String cid) {
        Verdict accepted(long prev, int signer, List<Long> nullifies) {
            return new Verdict(Optional.of(operation), Optional.empty(), cid, prev, signer, nullifies);
        }
    }

    /**
     * @param id under which the operation enters the log
     * @param log of all that was accepted of this DID before; what is accepted is added, what is undone moved
     */
    public Verdict judge(ExportedOperation exported, long id, DidLog log) {
        PlcOperation operation;
        DagCbor.Hashes hashes;
        try {
            operation = PlcOperation.of(exported.operation());
            hashes = operation.hashes();
        } catch (PlcOperation.Unsigned e) {
            return Verdict.rejected(Rejection.SIGNATURE_MISSING);
        } catch (IllegalArgumentException e) {
            return Verdict.rejected(Rejection.MALFORMED);
        }
        if (operation.rotationKeys().size() > MAX_KEYS) {
            return Verdict.rejected(Rejection.MALFORMED);
        }
        String cid = Cid.ofHash(hashes.whole());
        if (!cid.equals(exported.cid())) {
            return Verdict.rejected(Rejection.CID_MISMATCH);
        }
        if (log.contains(cid)) {
            return Verdict.known(cid);
        }
        Claim claim = new Claim(exported, operation, hashes, id, cid);
        Verdict verdict = operation.prev().isEmpty() ? judgeGenesis(claim, log) : judgeUpdate(claim, log);
        if (verdict.isAccepted()) {
            boolean tombstone = operation.kind() == PlcOperation.Kind.TOMBSTONE;
            List<String> keys = shared.apply(operation.rotationKeys());
            log.add(new DidLog.Entry(id, cid, exported.createdAt(), tombstone, keys, verdict.signer()), false);
        }
        return verdict;
    }

    private Verdict judgeGenesis(Claim claim, DidLog log) {
        if (!log.isEmpty()) {
            return Verdict.rejected(Rejection.DID_EXISTS);
        }
        if (claim.operation.kind() == PlcOperation.Kind.TOMBSTONE) {
            return Verdict.rejected(Rejection.NOT_A_GENESIS);
        }
        if (!Did.isGenesisOf(claim.exported.did(), claim.hashes.whole())) {
            return Verdict.rejected(Rejection.GENESIS_HASH_MISMATCH);
        }
        return judgeSignature(claim, claim.operation.rotationKeys(), 0);
    }

    private Verdict judgeUpdate(Claim claim, DidLog log) {
        if (claim.operation.kind() == PlcOperation.Kind.CREATE) {
            return Verdict.rejected(Rejection.NOT_A_GENESIS);
        }
        if (log.isEmpty()) {
            return Verdict.rejected(Rejection.UNKNOWN_DID);
        }
        String prevCid = claim.operation.prev().orElseThrow();
        int index = log.indexOf(prevCid);
        if (index < 0) {
            return Verdict.rejected(log.isNullified(prevCid) ? Rejection.PREV_NULLIFIED : Rejection.PREV_NOT_FOUND);
        }
        DidLog.Entry prev = log.live(index);
        if (prev.tombstone()) {
            return Verdict.rejected(Rejection.PREV_TOMBSTONE);
        }
        if (!claim.exported.createdAt().isAfter(log.head().createdAt())) {
            return Verdict.rejected(Rejection.TIME_ORDER);
        }
        Optional<DidLog.Entry> disputed = log.after(index);
        // Only a key that ranks strictly higher than the disputed operation's may undo it.
        List<String> allowed = disputed.isEmpty()
                ? prev.rotationKeys()
                : prev.rotationKeys().subList(0, disputed.get().signer());
        Verdict verdict = judgeSignature(claim, allowed, prev.id());
        if (!verdict.isAccepted() || disputed.isEmpty()) {
            return verdict;
        }
        Duration elapsed = Duration.between(disputed.get().createdAt(), claim.exported.createdAt());
        if (elapsed.compareTo(RECOVERY_WINDOW) > 0) {
            return Verdict.rejected(Rejection.LATE_RECOVERY);
        }
        return claim.accepted(verdict.prev(), verdict.signer(), log.nullifyAfter(index));
    }

    private Verdict judgeSignature(Claim claim, List<String> allowedKeys, long prev) {
        Optional<byte[]> signature = Signatures.decode(claim.operation.sig());
        if (signature.isEmpty()) {
            return Verdict.rejected(Rejection.SIGNATURE_ENCODING);
        }
        // Trusting, the weakest that is allowed: never stronger than the true signer, so that no true recovery is refused.
        int signer = trusting
                ? allowedKeys.size() - 1
                : signatures.signer(allowedKeys, claim.hashes.without(), signature.get());
        return signer < 0
                ? Verdict.rejected(Rejection.INVALID_SIGNATURE)
                : claim.accepted(prev, signer, List.of());
    }
}
