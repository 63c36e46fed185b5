package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.Cid;
import dev.atmirror.identity.Did;
import dev.atmirror.identity.PlcOperation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * An account that the sandbox acts for: its log as it stands, and the keys to go on with it. Every draft it returns
 * counts as committed and must go into the log, in this order.
 */
final class Account {
    /**
     * An operation of the log that is not nullified.
     *
     * @param state what it declares, without type, prev and sig
     * @param keys its rotation keys; the secret halves too
     * @param signer index in the keys of the one before it, or its own for a genesis
     */
    record Past(String cid, Instant createdAt, ObjectNode state, List<SigningKey> keys, int signer) {}

    private final String did;
    private final List<Past> log = new ArrayList<>(2);
    private final Draft birth;
    private boolean tombstoned;

    private Account(PlcOperation genesis, ObjectNode state, List<SigningKey> keys, int signer, Instant at) {
        byte[] hash = Cid.sha256(genesis.signedBytes());
        did = Did.ofGenesis(hash);
        birth = new Draft(did, genesis, at, List.of(), signer, true);
        log.add(new Past(Cid.ofHash(hash), at, state, keys, signer));
    }

    /** An account whose genesis is a {@code plc_operation}, signed by the key at {@code signer}. */
    static Account create(ObjectNode state, List<SigningKey> keys, int signer, Instant at) {
        ObjectNode unsigned = operation(state, keys);
        unsigned.putNull("prev");
        return new Account(keys.get(signer).sign(unsigned), state, keys, keys.indexOf(keys.get(signer)), at);
    }

    /** An account in the first format, whose signing key is also its weaker rotation key. */
    static Account createLegacy(ObjectNode unsigned, ObjectNode state, List<SigningKey> keys, Instant at) {
        return new Account(keys.get(1).sign(unsigned), state, keys, 1, at);
    }

    String did() {
        return did;
    }

    /** The genesis. */
    Draft birth() {
        return birth;
    }

    Past genesis() {
        return log.get(0);
    }

    Past head() {
        return log.get(log.size() - 1);
    }

    /** All that is not nullified, oldest first. */
    List<Past> log() {
        return List.copyOf(log);
    }

    /** Whether another operation on the head is possible: an account may have lost its keys or its life. */
    boolean canGoOn() {
        return !tombstoned && !head().keys().isEmpty();
    }

    /** The latest time at which anything of this account was committed, nullified or not. */
    Instant lastTime() {
        return head().createdAt();
    }

    /**
     * An operation on {@code prev}, signed by its key at {@code signer}; undoes whatever comes after prev.
     *
     * @param state what it declares; rotation keys are filled in
     */
    Draft update(Past prev, ObjectNode state, List<SigningKey> keys, int signer, Instant at) {
        ObjectNode unsigned = operation(state, keys);
        unsigned.put("prev", prev.cid());
        PlcOperation signed = prev.keys().get(signer).sign(unsigned);
        Draft draft = commit(prev, signed, signer, at);
        log.add(new Past(signed.cid(), at, state, keys, draft.signer()));
        tombstoned = false;
        return draft;
    }

    /** The usual update: on the head, by its weakest key, with the same rotation keys. */
    Draft update(ObjectNode state, Instant at) {
        return update(head(), state, head().keys(), head().keys().size() - 1, at);
    }

    Draft tombstone(Past prev, int signer, Instant at) {
        ObjectNode unsigned = prev.state().objectNode().put("type", "plc_tombstone").put("prev", prev.cid());
        PlcOperation signed = prev.keys().get(signer).sign(unsigned);
        Draft draft = commit(prev, signed, signer, at);
        log.add(new Past(signed.cid(), at, prev.state(), List.of(), draft.signer()));
        tombstoned = true;
        return draft;
    }

    private Draft commit(Past prev, PlcOperation signed, int signer, Instant at) {
        if (!at.isAfter(lastTime())) {
            throw new IllegalArgumentException("times of one DID must increase");
        }
        List<Past> undone = log.subList(log.indexOf(prev) + 1, log.size());
        List<String> nullifies = undone.stream().map(Past::cid).toList();
        undone.clear();
        // Of a key listed twice the first place counts.
        int rank = prev.keys().indexOf(prev.keys().get(signer));
        return new Draft(did, signed, at, nullifies, rank, true);
    }

    /** The unsigned operation that declares this; prev is still missing. */
    static ObjectNode operation(ObjectNode state, List<SigningKey> keys) {
        ObjectNode unsigned = state.deepCopy();
        unsigned.put("type", "plc_operation");
        ArrayNode list = unsigned.putArray("rotationKeys");
        keys.forEach(key -> list.add(key.didKey()));
        return unsigned;
    }
}
