package dev.atmirror.plc;

/** Why an operation is kept out of the log. The names stand in {@code rejected_operations.reason} and in metrics. */
public enum Rejection {
    UNPARSABLE("the line is no operation"),
    MALFORMED("the operation has not the structure of one"),
    CID_MISMATCH("the CID is not that of the operation"),
    GENESIS_HASH_MISMATCH("the DID is not the hash of the genesis operation"),
    DID_EXISTS("a genesis operation for a DID that has one"),
    UNKNOWN_DID("no genesis operation of this DID is known"),
    PREV_NOT_FOUND("prev names no operation of this DID"),
    PREV_NULLIFIED("prev names a nullified operation"),
    PREV_TOMBSTONE("prev names a tombstone"),
    NOT_A_GENESIS("this kind of operation cannot be a genesis, or only that"),
    TIME_ORDER("not later than the operation before it"),
    SIGNATURE_MISSING("the operation has no signature"),
    SIGNATURE_ENCODING("the signature is not 64 bytes of strict base64url"),
    INVALID_SIGNATURE("no allowed rotation key made the signature"),
    LATE_RECOVERY("comes more than 72 hours after what it would nullify");

    private final String detail;

    Rejection(String detail) {
        this.detail = detail;
    }

    /** Whether it was judged by the other operations of its DID, so that with more of them it may be judged otherwise. */
    public boolean dependsOnOthers() {
        return switch (this) {
            case UNKNOWN_DID, PREV_NOT_FOUND, PREV_NULLIFIED, PREV_TOMBSTONE, TIME_ORDER, INVALID_SIGNATURE, LATE_RECOVERY -> true;
            default -> false;
        };
    }

    public String detail() {
        return detail;
    }
}
