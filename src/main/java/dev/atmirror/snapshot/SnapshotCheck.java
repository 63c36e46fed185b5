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
        checkBytes(name, Files.size(file), content);
        Found found = read(file);
        checkDigest(name, found.sha256(), content, found.broken());
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
        checkPlainBytes(name, found.plainBytes(), content);
    }

    /** Size and digest alone, which a disk gives as fast as it reads. @throws SnapshotFailure that says what differs */
    static void checkFile(Path file, Manifest.Content content) throws IOException {
        String name = file.getFileName().toString();
        checkBytes(name, Files.size(file), content);
        MessageDigest digest = DumpWriter.sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        checkDigest(name, HexFormat.of().formatHex(digest.digest()), content, Optional.empty());
    }

    static void checkBytes(String name, long bytes, Manifest.Content content) {
        if (bytes != content.bytes()) {
            throw new SnapshotFailure(name + " is not whole: it has " + bytes + " bytes, and its manifest says " + content.bytes());
        }
    }

    /** @param broken why it does not decompress, where that was tried and failed */
    static void checkDigest(String name, String sha256, Manifest.Content content, Optional<String> broken) {
        if (!sha256.equals(content.sha256())) {
            throw new SnapshotFailure(name + " is damaged: its sha256 is " + sha256 + ", and its manifest says "
                    + content.sha256() + broken.map(why -> "; it does not decompress either: " + why).orElse(""));
        }
    }

    static void checkPlainBytes(String name, long plainBytes, Manifest.Content content) {
        if (plainBytes != content.plainBytes()) {
            throw new SnapshotFailure(
                    name + " decompresses to " + plainBytes + " bytes, and its manifest says " + content.plainBytes());
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
