package dev.atmirror.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A file that is read once, from wherever, with its digest taken on the way. */
final class OpenedInput implements SnapshotInput {
    private final String name;
    private final Optional<Manifest> manifest;
    private final long totalBytes;
    private final RawBytes raw;
    private final Decompressed plain;
    private final InputStream text;

    /**
     * @param totalBytes negative where nobody says
     * @param windowMegabytes memory for decompressing
     * @throws SnapshotFailure for an empty file, or one that is not its manifest's
     */
    OpenedInput(String name, Optional<Manifest> manifest, InputStream file, long totalBytes, int windowMegabytes) {
        this.name = name;
        this.manifest = manifest;
        this.totalBytes = totalBytes;
        if (totalBytes >= 0) {
            manifest.ifPresent(said -> SnapshotCheck.checkBytes(name, totalBytes, said.content()));
        }
        raw = new RawBytes(name, file);
        plain = new Decompressed(name, raw, windowMegabytes);
        text = PlainText.of(plain);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Manifest> manifest() {
        return manifest;
    }

    @Override
    public InputStream plain() {
        return text;
    }

    @Override
    public long totalBytes() {
        return totalBytes >= 0 ? totalBytes : manifest.map(said -> said.content().bytes()).orElse(-1L);
    }

    @Override
    public long bytesRead() {
        return raw.count();
    }

    @Override
    public void checkWhole() {
        if (!plain.ended() || !raw.ended()) {
            throw new SnapshotFailure(name + " was not read to its end");
        }
        if (totalBytes >= 0 && raw.count() != totalBytes) {
            throw new SnapshotFailure(
                    name + " is not whole: it has " + raw.count() + " bytes, and " + totalBytes + " were announced");
        }
        manifest.map(Manifest::content).ifPresent(said -> {
            SnapshotCheck.checkBytes(name, raw.count(), said);
            SnapshotCheck.checkDigest(name, raw.sha256(), said, Optional.empty());
            SnapshotCheck.checkPlainBytes(name, plain.count(), said);
        });
    }

    /** Cuts what is under way, also from another thread. */
    @Override
    public void close() throws IOException {
        raw.close();
        // The decompressor's memory is native. Its own lock is held by whoever reads, who ends now that nothing comes any more.
        plain.close();
    }
}
