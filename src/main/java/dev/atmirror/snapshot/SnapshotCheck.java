package dev.atmirror.snapshot;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Whether a file is what its manifest says: size, digest, that it decompresses to its end, and the rows of each table. */
public final class SnapshotCheck {
    private static final int BUFFER = 1 << 18;

    /** What came out of a file. @param broken where it does not decompress to its end */
    private record Found(String sha256, long plainBytes, CopyBlocks blocks, Optional<String> broken) {}

    private SnapshotCheck() {}

    /** @throws SnapshotFailure that says what differs */
    public static Manifest verify(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new SnapshotFailure("there is no file " + file);
        }
        Manifest manifest = SnapshotFolder.manifest(file);
        try {
            compare(file, manifest.content());
        } catch (IOException e) {
            throw new SnapshotFailure("cannot read " + file + ": " + e.getMessage(), e);
        }
        return manifest;
    }

    private static void compare(Path file, Manifest.Content content) throws IOException {
        String name = file.getFileName().toString();
        long bytes = Files.size(file);
        if (bytes != content.bytes()) {
            throw new SnapshotFailure(name + " is not whole: it has " + bytes + " bytes, and its manifest says " + content.bytes());
        }
        Found found = read(file);
        if (!found.sha256().equals(content.sha256())) {
            throw new SnapshotFailure(name + " is damaged: its sha256 is " + found.sha256() + ", and its manifest says "
                    + content.sha256() + found.broken().map(why -> "; it does not decompress either: " + why).orElse(""));
        }
        found.broken().ifPresent(why -> {
            throw new SnapshotFailure(name + " was made wrong: its digest is right, but it does not decompress: " + why);
        });
        found.blocks().open().ifPresent(table -> {
            throw new SnapshotFailure(name + " was made wrong: the rows of " + table + " do not end");
        });
        Map<String, Long> rows = found.blocks().rows();
        if (!rows.equals(content.rows())) {
            throw new SnapshotFailure(name + " has other rows than its manifest says: " + rows + " instead of " + content.rows());
        }
        if (found.plainBytes() != content.plainBytes()) {
            throw new SnapshotFailure(name + " decompresses to " + found.plainBytes() + " bytes, and its manifest says "
                    + content.plainBytes());
        }
    }

    private static Found read(Path file) throws IOException {
        MessageDigest digest = DumpWriter.sha256();
        CopyBlocks blocks = new CopyBlocks();
        byte[] buffer = new byte[BUFFER];
        long plainBytes = 0;
        Optional<String> broken = Optional.empty();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            try (InputStream zstd = new ZstdInputStreamNoFinalizer(keptOpen(in))) {
                for (int count = zstd.read(buffer); count >= 0; count = zstd.read(buffer)) {
                    blocks.take(buffer, 0, count);
                    plainBytes += count;
                }
            } catch (ZstdIOException e) {
                broken = Optional.of(e.getMessage());
            }
            in.transferTo(OutputStream.nullOutputStream());
        }
        return new Found(HexFormat.of().formatHex(digest.digest()), plainBytes, blocks, broken);
    }

    /** The rest of a file that does not decompress still counts for the digest. */
    private static InputStream keptOpen(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public void close() {}
        };
    }
}
