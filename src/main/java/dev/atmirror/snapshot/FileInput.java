package dev.atmirror.snapshot;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/** A compressed file of this machine. */
public final class FileInput implements SnapshotInput {
    private final Path file;
    private final Optional<Manifest> manifest;
    private final MessageDigest digest = DigestUtils.getSha256Digest();
    private final InputStream plain;
    private final InputStream raw;
    private volatile long read;

    public FileInput(Path file) throws IOException {
        this.file = file;
        manifest = Files.exists(file.resolveSibling(file.getFileName() + ".json"))
                ? Optional.of(SnapshotFolder.manifest(file))
                : Optional.empty();
        raw = new DigestInputStream(Files.newInputStream(file), digest) {
            @Override
            public int read(byte[] bytes, int from, int count) throws IOException {
                int got = super.read(bytes, from, count);
                read += Math.max(0, got);
                return got;
            }
        };
        plain = new ZstdInputStreamNoFinalizer(raw);
    }

    @Override
    public String name() {
        return file.getFileName().toString();
    }

    @Override
    public Optional<Manifest> manifest() {
        return manifest;
    }

    @Override
    public InputStream plain() {
        return plain;
    }

    @Override
    public long totalBytes() {
        return file.toFile().length();
    }

    @Override
    public long bytesRead() {
        return read;
    }

    @Override
    public void checkWhole() {
        String found = HexFormat.of().formatHex(digest.digest());
        manifest.filter(said -> !said.content().sha256().equals(found)).ifPresent(said -> {
            throw new SnapshotFailure(name() + " is damaged: its sha256 is " + found);
        });
    }

    @Override
    public void close() throws IOException {
        raw.close();
        plain.close();
    }
}
