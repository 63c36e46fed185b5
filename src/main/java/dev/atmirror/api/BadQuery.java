package dev.atmirror.api;

/** The caller's query cannot be answered; the message says why, for the caller. */
final class BadQuery extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadQuery(String message) {
        super(message);
    }
}
