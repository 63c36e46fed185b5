package dev.atmirror.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A file that was read to its end and found whole: what came of it is read from elsewhere now. */
record ReadInput(SnapshotInput of) implements SnapshotInput {
    @Override
    public String name() {
        return of.name();
    }

    @Override
    public Optional<Manifest> manifest() {
        return of.manifest();
    }

    @Override
    public InputStream plain() {
        return of.plain();
    }

    @Override
    public long totalBytes() {
        return of.totalBytes();
    }

    @Override
    public long bytesRead() {
        return of.bytesRead();
    }

    @Override
    public void checkWhole() {
        // Digests can be asked once.
    }

    @Override
    public void close() throws IOException {
        of.close();
    }
}
