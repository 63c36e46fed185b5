package dev.atmirror.plc;

import java.util.Optional;

/**
 * Who reads the pages that are verified and stored, and where it is noted how far they got: in a row of
 * {@code sync_cursors} that moves in the very statement that stores a page.
 */
public interface Reading {
    /** The row's key: {@code plc-logs} for an upstream, {@code restore} for a file. */
    String stage();

    /** The rest of the key: the upstream's host, or what tells this file from others. */
    String host();

    /** Whether lines that could not be read may be readable another time. */
    boolean canAskAgain();

    /** Digest of what was read up to this page, by which the same source is known again; empty where nobody needs it. */
    Optional<String> content(PlcPage page);

    /** The present reading; a failure ends it. */
    int epoch();

    /** Whether the page belongs to the present reading. */
    boolean isCurrent(PlcPage page);

    /** The page, and with it the row, is stored. */
    void stored(VerifiedPage page);

    /**
     * Something failed after reading: what is under way is dropped.
     *
     * @param newEpoch the reading that may begin from what is stored
     * @param why for the log
     */
    void startAgain(int newEpoch, String why);
}
