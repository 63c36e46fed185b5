package dev.atmirror.snapshot;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;

/**
 * The content of a file of zstd, gzip or neither, as its first bytes say: people rename files. Pieces that were packed one by one
 * and put one behind the other are read to the last.
 */
final class Decompressed extends FilterInputStream {
    private static final int MAGIC = 4;
    private static final int HEAD = 6; // of a frame of zstd, up to the byte that says how large its window is
    private static final int LEAST_WINDOW = 10; // bits

    private final String name;
    private final RawBytes raw;
    private long count;
    private boolean ended;

    /** @param windowMegabytes memory for a window of zstd @throws SnapshotFailure where nothing is in it, or not even a beginning */
    Decompressed(String name, RawBytes raw, int windowMegabytes) {
        super(opened(name, raw, windowMegabytes));
        this.name = name;
        this.raw = raw;
    }

    private static InputStream opened(String name, RawBytes raw, int windowMegabytes) {
        try {
            return plain(name, raw, windowMegabytes);
        } catch (IOException e) {
            throw failure(name, raw, e);
        }
    }

    private static SnapshotFailure failure(String name, RawBytes raw, IOException cause) {
        if (cause instanceof ZstdIOException zstd && zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()) {
            return tooLarge(name, "a larger window than", "it");
        }
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return raw.ended()
                ? new SnapshotFailure(name + " is not whole: it ends in the middle (" + why + ")", cause)
                : new SnapshotFailure(name + " is damaged: it does not decompress: " + why, cause);
    }

    private static SnapshotFailure tooLarge(String name, String needs, String least) {
        return new SnapshotFailure(name + " is no damaged file, but it was compressed with " + needs
                + " ATMIRROR_SNAPSHOT_WINDOW_MEGABYTES allows; where there is that much memory beside the heap, set " + least + " higher");
    }

    private static InputStream plain(String name, RawBytes raw, int windowMegabytes) throws IOException {
        byte[] head = raw.readNBytes(HEAD);
        if (head.length == 0) {
            throw new SnapshotFailure(name + " is empty");
        }
        byte[] magic = Arrays.copyOf(head, Math.min(head.length, MAGIC));
        PushbackInputStream whole = new PushbackInputStream(raw, HEAD);
        whole.unread(head);
        if (isZstd(magic)) {
            return zstd(name, whole, head, windowMegabytes);
        }
        return isGzip(magic) ? new GzipMembers(whole) : whole;
    }

    private static InputStream zstd(String name, InputStream whole, byte[] head, int windowMegabytes) throws IOException {
        long needed = window(head);
        if (needed > (long) windowMegabytes << 20) {
            long megabytes = (needed + (1 << 20) - 1) >> 20;
            throw tooLarge(name, "a window of " + megabytes + " MB, more than", "it to " + megabytes + " or");
        }
        int bits = Long.SIZE - 1 - Long.numberOfLeadingZeros((long) windowMegabytes << 20);
        return new ZstdInputStreamNoFinalizer(whole).setLongMax(bits);
    }

    /** Bytes of a frame's window, as its head says (RFC 8878, section 3.1.1.1.2); 0 where it says nothing. */
    private static long window(byte[] head) {
        boolean isSaid = head.length == HEAD && starts(head, 0x28, 0xb5, 0x2f, 0xfd) && (head[MAGIC] & 0x20) == 0;
        if (!isSaid) {
            return 0;
        }
        int descriptor = head[MAGIC + 1] & 0xff;
        long base = 1L << (LEAST_WINDOW + (descriptor >> 3));
        return base + (base >> 3) * (descriptor & 7);
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
