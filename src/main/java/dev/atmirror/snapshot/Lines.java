package dev.atmirror.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** The lines of a file one after the other, as bytes, of which no more than one is held: of a line without an end its beginning. */
final class Lines {
    /** The directory takes operations of 4,000 bytes; no other line of a dump that matters is longer than this either. */
    static final int LONGEST = 1 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private byte[] line = new byte[1 << 12];
    private int length;
    private boolean tooLong;
    private boolean open;
    private long number;
    private final MessageDigest digest = DumpWriter.sha256();

    Lines(InputStream in) {
        this.in = in;
    }

    /** Goes to the next line. @return false at the end of the file */
    boolean next() throws IOException {
        length = 0;
        tooLong = false;
        open = false;
        boolean any = false;
        while (fill()) {
            number += any ? 0 : 1;
            any = true;
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            keep(from, at);
            digest.update(buffer, from, Math.min(at + 1, end) - from);
            if (at < end) {
                at++;
                return true;
            }
        }
        open = any;
        return any;
    }

    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(buffer));
        }
        return at < end;
    }

    private void keep(int from, int to) {
        int count = Math.min(to - from, LONGEST - length);
        tooLong |= count < to - from;
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(length + count, Math.min(LONGEST, 2 * line.length)));
        }
        System.arraycopy(buffer, from, line, length, count);
        length += count;
    }

    /** Of all lines up to the present one. */
    String digest() {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    /** Of the present line in the file, from 1. */
    long number() {
        return number;
    }

    /** Valid until {@link #next}, up to {@link #length}; without its end. */
    byte[] bytes() {
        return line;
    }

    int length() {
        return length;
    }

    /** Whether only the beginning of the line is held. */
    boolean isTooLong() {
        return tooLong;
    }

    /** Whether the file ends in this line. */
    boolean isOpen() {
        return open;
    }

    /** @param most bytes */
    String text(int most) {
        return new String(line, 0, Math.min(most, length), StandardCharsets.UTF_8);
    }

    String text() {
        return text(length);
    }
}
