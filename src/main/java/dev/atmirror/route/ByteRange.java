package dev.atmirror.route;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request's Range header asks of a file (RFC 9110, section 14).
 *
 * @param first byte, from 0
 * @param count of bytes
 */
record ByteRange(Kind kind, long first, long count) {
    /** {@code WHOLE} also for what need not be understood: other units, several ranges, nonsense. */
    enum Kind {
        WHOLE,
        PART,
        /** behind the end */
        NONE
    }

    private static final Pattern SINGLE = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);

    static ByteRange whole(long length) {
        return new ByteRange(Kind.WHOLE, 0, length);
    }

    /** @param length of the file */
    static ByteRange of(String header, long length) {
        Matcher single = SINGLE.matcher(header);
        if (!single.matches() || single.group(1).isEmpty() && single.group(2).isEmpty()) {
            return whole(length);
        }
        if (single.group(1).isEmpty()) {
            return part(Math.max(0, length - Long.parseLong(single.group(2))), length - 1, length);
        }
        long first = Long.parseLong(single.group(1));
        long last = single.group(2).isEmpty() ? length - 1 : Long.parseLong(single.group(2));
        boolean nonsense = !single.group(2).isEmpty() && last < first;
        return nonsense ? whole(length) : part(first, Math.min(last, length - 1), length);
    }

    private static ByteRange part(long first, long last, long length) {
        return first >= length ? new ByteRange(Kind.NONE, 0, 0) : new ByteRange(Kind.PART, first, last - first + 1);
    }

    /** As Content-Range. */
    String of(long length) {
        return kind == Kind.NONE ? "bytes */" + length : "bytes " + first + "-" + (first + count - 1) + "/" + length;
    }
}
