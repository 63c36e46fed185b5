package dev.atmirror.cli;

/** Thrown by the program for arguments that only it could judge; the command ends with exit code 2, as for all wrong usage. */
public final class UsageError extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** @param message naming the argument and what is wrong with it */
    public UsageError(String message) {
        super(message);
    }
}
