package dev.atmirror.snapshot;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * An operation log while it is read from a file, page after page in the order of the file, from its beginning. Nothing of
 * it is verified yet. Reads ahead no more than a page, whatever the length of the file.
 */
public interface RestoredPages extends Closeable {
    /**
     * The next page; empty at the end of the file.
     *
     * @throws IOException where reading fails
     * @throws SnapshotFailure where the file ends too early, or is not what it should be
     */
    Optional<RestoredPage> next() throws IOException;
}
