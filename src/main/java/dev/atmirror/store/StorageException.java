package dev.atmirror.store;

import java.sql.SQLException;

/** The database failed or is away. Never says anything about the data: whoever meets it waits and tries again. */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String DISK_FULL = "53100"; // SQLSTATEs
    private static final String LOCKED = "55P03";
    private static final String BAD_DATA = "22";
    private static final String BAD_ROW = "23";

    StorageException(String doing, Exception cause) {
        super(doing + ": " + cause.getMessage(), cause);
    }

    /** Whether the server's disk has no room left. */
    public boolean isDiskFull() {
        return state().equals(DISK_FULL) || String.valueOf(getMessage()).contains("No space left on device");
    }

    /** Whether somebody else holds a table for longer than we wait. */
    public boolean isLocked() {
        return state().equals(LOCKED);
    }

    /** Whether the rows are at fault that were to be stored, and not the database. */
    public boolean isOfTheRows() {
        return state().startsWith(BAD_DATA) || state().startsWith(BAD_ROW);
    }

    private String state() {
        return getCause() instanceof SQLException failure && failure.getSQLState() != null ? failure.getSQLState() : "";
    }
}
