package dev.atmirror.store;

/** The database failed or is away. Never says anything about the data: whoever meets it waits and tries again. */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StorageException(String doing, Exception cause) {
        super(doing + ": " + cause.getMessage(), cause);
    }
}
