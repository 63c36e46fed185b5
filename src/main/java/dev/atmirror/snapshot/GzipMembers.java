package dev.atmirror.snapshot;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Gzip to its last member. Zeros behind that are padding, as tapes and block devices leave it, and gzip itself passes over them;
 * anything else is damage. Not by the JDK: it asks {@code available()} whether another member comes, which a connection may
 * deny; and what follows the last one, it passes over without a word.
 */
final class GzipMembers extends InputStream {
    private static final int BUFFER = 1 << 16;
    private static final int MAGIC_0 = 0x1f;

    private final BufferedInputStream in; // with marks, so that a member leaves it right behind its end
    private InputStream member;

    GzipMembers(InputStream in) throws IOException {
        this.in = new BufferedInputStream(in, BUFFER);
        this.member = open();
    }

    private InputStream open() throws IOException {
        return GzipCompressorInputStream.builder().setInputStream(in).get();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int count = member.read(bytes, from, length);
        while (count < 0 && hasAnother()) {
            member = open();
            count = member.read(bytes, from, length);
        }
        return count;
    }

    private boolean hasAnother() throws IOException {
        in.mark(1);
        int next = in.read();
        if (next == MAGIC_0) {
            in.reset();
            return true;
        }
        while (next == 0) {
            next = in.read();
        }
        if (next >= 0) {
            throw new IOException("something that is no gzip follows");
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
