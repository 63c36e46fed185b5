package dev.atmirror.snapshot;

/** A dump that cannot be had, or a file that is not what it should be. The message is one line and names the repair. */
public final class SnapshotFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SnapshotFailure(String message) {
        super(message);
    }

    public SnapshotFailure(String message, Exception cause) {
        super(message, cause);
    }
}
