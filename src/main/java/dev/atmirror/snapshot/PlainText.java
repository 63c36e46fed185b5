package dev.atmirror.snapshot;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.commons.io.input.ReaderInputStream;

/**
 * Text as UTF-8 with lines that end in a line feed alone, whatever editors, shells and transfers have made of it: UTF-16 is
 * recoded, a carriage return before a line feed goes, and so does a byte order mark at the beginning of a line, where files
 * were joined. Neither stands in what is restored: COPY and JSON write both as escapes.
 */
final class PlainText extends FilterInputStream {
    private static final int HEAD = 64;
    private static final int BUFFER = 1 << 16;
    private static final int MARK_0 = 0xef; // of a byte order mark in UTF-8
    private static final int MARK_1 = 0xbb;
    private static final int MARK_2 = 0xbf;

    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private int held; // bytes at the end of the buffer that can only be judged with those that follow
    private boolean ended;
    private boolean lineBegins = true;

    private PlainText(InputStream in) {
        super(in);
    }

    /** @param in whose failures pass through */
    static InputStream of(InputStream in) {
        try {
            PushbackInputStream whole = new PushbackInputStream(in, HEAD);
            byte[] head = whole.readNBytes(HEAD);
            whole.unread(head);
            Charset charset = charset(head);
            return new PlainText(charset == StandardCharsets.UTF_8 ? whole : recoded(whole, charset));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream recoded(InputStream in, Charset charset) throws IOException {
        return ReaderInputStream.builder()
                .setReader(new InputStreamReader(in, charset))
                .setCharset(StandardCharsets.UTF_8)
                .get();
    }

    /** By the byte order mark, or by the zeros that ASCII has in every other byte. */
    private static Charset charset(byte[] head) {
        int even = 0;
        int odd = 0;
        for (int i = 0; i + 1 < head.length; i += 2) {
            even += head[i] == 0 ? 1 : 0;
            odd += head[i + 1] == 0 ? 1 : 0;
        }
        if (even == 0 && odd > head.length / 4) {
            return StandardCharsets.UTF_16LE;
        }
        return odd == 0 && even > head.length / 4 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (at == end && !ended) {
            fill();
        }
        if (at == end) {
            return -1;
        }
        int count = Math.min(length, end - at);
        System.arraycopy(buffer, at, bytes, from, count);
        at += count;
        return count;
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, end, buffer, 0, held);
        int read = in.read(buffer, held, BUFFER - held);
        ended = read < 0;
        clean(held + Math.max(0, read));
    }

    /** Takes out of the buffer what does not belong, and leaves behind {@link #end} what cannot be judged yet. */
    private void clean(int filled) {
        int to = 0;
        int from = 0;
        while (from < filled) {
            byte next = buffer[from];
            boolean doubtful = next == '\r' || lineBegins && (next & 0xff) == MARK_0;
            if (doubtful && !ended && filled - from < (next == '\r' ? 2 : 3)) {
                break;
            }
            if (next == '\r' && from + 1 < filled && buffer[from + 1] == '\n') {
                from++;
            } else if (doubtful && isMark(from, filled)) {
                from += 3;
            } else {
                lineBegins = next == '\n';
                buffer[to++] = next;
                from++;
            }
        }
        held = filled - from;
        System.arraycopy(buffer, from, buffer, to, held);
        at = 0;
        end = to;
    }

    private boolean isMark(int from, int filled) {
        return filled - from >= 3
                && (buffer[from] & 0xff) == MARK_0
                && (buffer[from + 1] & 0xff) == MARK_1
                && (buffer[from + 2] & 0xff) == MARK_2;
    }

    @Override
    public long skip(long n) throws IOException {
        return n <= 0 ? 0 : Math.max(0, read(new byte[(int) Math.min(n, 8192)], 0, (int) Math.min(n, 8192)));
    }

    @Override
    public int available() {
        return end - at;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
