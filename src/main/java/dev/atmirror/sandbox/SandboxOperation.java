package dev.atmirror.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.atmirror.identity.Json;
import dev.atmirror.identity.PlcOperation;
import dev.atmirror.plc.Times;
import java.time.Instant;

/** An operation in the sandbox's log. Kept as text, which takes a fifth of a tree's memory. */
public final class SandboxOperation {
    private final long seq;
    private final String did;
    private final String cid;
    private final Instant createdAt;
    private final String json;
    private final int signer;
    private final boolean valid;
    private volatile boolean nullified;

    SandboxOperation(long seq, Draft draft) {
        this.seq = seq;
        this.did = draft.did();
        this.cid = draft.operation().cid();
        this.createdAt = draft.createdAt();
        this.json = Json.write(draft.operation().json());
        this.signer = draft.signer();
        this.valid = draft.valid();
    }

    /**
     * A valid genesis that need not be encoded and hashed again.
     *
     * @param signer index of its key among its own
     */
    record Genesis(String did, String cid, String json, int signer) {}

    SandboxOperation(long seq, Instant createdAt, Genesis genesis) {
        this.seq = seq;
        this.did = genesis.did();
        this.cid = genesis.cid();
        this.createdAt = createdAt;
        this.json = genesis.json();
        this.signer = genesis.signer();
        this.valid = true;
    }

    public long seq() {
        return seq;
    }

    public String did() {
        return did;
    }

    public String cid() {
        return cid;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public PlcOperation operation() {
        try {
            return PlcOperation.of(Json.parse(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("our own JSON does not parse", e);
        }
    }

    /** False for an operation that stands in the log and that a mirror must reject. */
    public boolean valid() {
        return valid;
    }

    /** Whether a later operation has undone this one. */
    public boolean nullified() {
        return nullified;
    }

    void nullify() {
        nullified = true;
    }

    /** Index of the key that signed among the rotation keys of prev, a genesis' its own. */
    int signer() {
        return signer;
    }

    /** As in sequenced pages and in the stream. */
    String sequencedLine() {
        return "{\"seq\":" + seq + ",\"type\":\"sequenced_op\",\"did\":\"" + did + "\",\"operation\":" + json
                + ",\"cid\":\"" + cid + "\",\"createdAt\":\"" + Times.format(createdAt) + "\"}";
    }

    /** As in pages by time, and in audit logs. */
    String legacyLine() {
        return "{\"did\":\"" + did + "\",\"operation\":" + json + ",\"cid\":\"" + cid + "\",\"nullified\":" + nullified
                + ",\"createdAt\":\"" + Times.format(createdAt) + "\"}";
    }
}
