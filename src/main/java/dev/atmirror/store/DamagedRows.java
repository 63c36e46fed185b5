package dev.atmirror.store;

/** Rows that cannot belong together, whoever made them. Nothing of them is kept. */
public final class DamagedRows extends RuntimeException {
    private static final long serialVersionUID = 1;

    DamagedRows(String message) {
        super(message);
    }
}
