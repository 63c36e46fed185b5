package dev.atmirror.net;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that fails with {@link TooLarge} past its limit. Wrapped around a decoded stream it counts decoded bytes. */
public final class LimitedBody extends FilterInputStream {
    private final long most;
    private long read;

    /** @param most bytes that may be read; the next one is too many */
    public LimitedBody(InputStream in, long most) {
        super(in);
        this.most = most;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int n = super.read(bytes, from, length);
        read += Math.max(0, n);
        if (read > most) {
            throw new TooLarge(most);
        }
        return n;
    }

    /** By reading, or what is skipped would not be counted. */
    @Override
    public long skip(long n) throws IOException {
        return n <= 0 ? 0 : Math.max(0, read(new byte[(int) Math.min(n, 8192)]));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
