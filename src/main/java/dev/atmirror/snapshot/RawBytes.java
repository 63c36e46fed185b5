package dev.atmirror.snapshot;

import dev.atmirror.net.DownloadFailure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The bytes of a file as they are, counted and digested on their way. Whatever fails below is a {@link SnapshotFailure}, so that
 * whoever decompresses can tell a file that cannot be read from one that is damaged.
 */
final class RawBytes extends FilterInputStream {
    private final String name;
    private final MessageDigest digest = DumpWriter.sha256();
    private volatile long count;
    private boolean ended;

    RawBytes(String name, InputStream in) {
        super(in);
        this.name = name;
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
            if (read > 0) {
                digest.update(bytes, from, read);
                count += read; // by one thread; others only look
            }
            ended |= read < 0;
            return read;
        } catch (DownloadFailure e) {
            throw new SnapshotFailure(e.getMessage(), e);
        } catch (IOException e) {
            throw new SnapshotFailure("cannot read " + name + ": " + e.getMessage(), e);
        }
    }

    /** By reading, or what is skipped would not be counted. */
    @Override
    public long skip(long n) {
        return n <= 0 ? 0 : Math.max(0, read(new byte[(int) Math.min(n, 8192)], 0, (int) Math.min(n, 8192)));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    long count() {
        return count;
    }

    /** Whether the last byte has gone by. */
    boolean ended() {
        return ended;
    }

    /** To be asked once, at the end. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
