package dev.atmirror.store;

import java.sql.SQLException;

/** The database failed or is away. Never says anything about the data: whoever meets it waits and tries again. */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StorageException(String doing, SQLException cause) {
        super(doing + ": " + cause.getMessage(), cause);
    }
}
