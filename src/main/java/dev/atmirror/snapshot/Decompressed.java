package dev.atmirror.snapshot;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * The content of a file of zstd, gzip or neither, as its first bytes say: people rename files. Pieces that were packed one by one
 * and put one behind the other are read to the last.
 */
final class Decompressed extends FilterInputStream {
    private static final int MAGIC = 4;

    private final String name;
    private final RawBytes raw;
    private long count;
    private boolean ended;

    /** @throws SnapshotFailure where nothing is in it, or not even a beginning */
    Decompressed(String name, RawBytes raw) {
        super(opened(name, raw));
        this.name = name;
        this.raw = raw;
    }

    private static InputStream opened(String name, RawBytes raw) {
        try {
            return plain(name, raw);
        } catch (IOException e) {
            throw failure(name, raw, e);
        }
    }

    private static SnapshotFailure failure(String name, RawBytes raw, IOException cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return raw.ended()
                ? new SnapshotFailure(name + " is not whole: it ends in the middle (" + why + ")", cause)
                : new SnapshotFailure(name + " is damaged: it does not decompress: " + why, cause);
    }

    private static InputStream plain(String name, RawBytes raw) throws IOException {
        byte[] magic = raw.readNBytes(MAGIC);
        if (magic.length == 0) {
            throw new SnapshotFailure(name + " is empty");
        }
        PushbackInputStream whole = new PushbackInputStream(raw, MAGIC);
        whole.unread(magic);
        if (isZstd(magic)) {
            return new ZstdInputStreamNoFinalizer(whole);
        }
        // Not the JDK's: it asks available() whether another piece comes, which a connection may deny; and what follows the
        // last one, it passes over without a word.
        return isGzip(magic)
                ? GzipCompressorInputStream.builder()
                        .setInputStream(whole)
                        .setDecompressConcatenated(true)
                        .get()
                : whole;
    }

    private static boolean isZstd(byte[] magic) {
        return starts(magic, 0x28, 0xb5, 0x2f, 0xfd)
                // A frame to be skipped, with which pzstd begins.
                || magic.length == MAGIC && (magic[0] & 0xf0) == 0x50 && magic[1] == 0x2a && magic[2] == 0x4d && magic[3] == 0x18;
    }

    private static boolean isGzip(byte[] magic) {
        return starts(magic, 0x1f, 0x8b);
    }

    private static boolean starts(byte[] bytes, int... with) {
        for (int i = 0; i < with.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != with[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) {
        try {
            int read = in.read(bytes, from, length);
            count += Math.max(0, read);
            ended |= read < 0;
            return read;
        } catch (IOException e) {
            throw failure(name, raw, e);
        }
    }

    /** By reading, or what is skipped would not be counted. */
    @Override
    public long skip(long n) {
        return n <= 0 ? 0 : Math.max(0, read(new byte[(int) Math.min(n, 8192)], 0, (int) Math.min(n, 8192)));
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Bytes read. */
    long count() {
        return count;
    }

    boolean ended() {
        return ended;
    }
}
