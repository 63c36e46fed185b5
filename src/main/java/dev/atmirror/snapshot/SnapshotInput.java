package dev.atmirror.snapshot;

import java.io.Closeable;
import java.io.InputStream;
import java.util.Optional;

/** A dump or an export while it is read, from a file or from a server. */
public interface SnapshotInput extends Closeable {
    /** The file's name, without a folder. */
    String name();

    /** What stands beside it; empty where nothing does. */
    Optional<Manifest> manifest();

    /** Decompressed, whatever it is compressed with, as {@link PlainText}; to be read once. Its failures are {@link SnapshotFailure} or IOException. */
    InputStream plain();

    /** Compressed bytes in all; negative where nobody says. */
    long totalBytes();

    /** Compressed bytes read so far, not those that were read twice after a cut. */
    long bytesRead();

    /**
     * To be called when {@link #plain} is at its end, before anything that was read is relied on.
     *
     * @throws SnapshotFailure where the file is not whole, or not what its manifest says
     */
    void checkWhole();
}
