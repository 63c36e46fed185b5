package dev.atmirror.sandbox;

import dev.atmirror.identity.PlcOperation;
import java.time.Instant;
import java.util.List;

/**
 * A signed operation on its way into the log.
 *
 * @param createdAt when it is, or was, committed; no part of what is signed
 * @param nullifies CIDs of earlier operations that it undoes
 * @param signer index of its key among the rotation keys of prev, or its own for a genesis
 * @param valid false for one that every mirror must reject
 */
record Draft(
        String did, PlcOperation operation, Instant createdAt, List<String> nullifies, int signer, boolean valid) {

    Draft at(Instant time) {
        return new Draft(did, operation, time, nullifies, signer, valid);
    }
}
