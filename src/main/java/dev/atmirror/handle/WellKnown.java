package dev.atmirror.handle;

import java.nio.charset.StandardCharsets;

/**
 * Reads answers to {@code GET /.well-known/atproto-did} as the clients of the protocol do ({@code @atproto/identity},
 * {@code @atcute/identity-resolver}): UTF-8, of which the first line counts, trimmed as JavaScript's {@code trim()} does.
 */
public final class WellKnown {
    public static final String PATH = "/.well-known/atproto-did";

    /** Room for a DID and some comment behind it; whatever is longer is a page for people. */
    public static final int LARGEST_BODY = 16 << 10;

    /** What JavaScript takes for white space and ends of lines, the byte order mark among them. Java's own sets differ. */
    private static final String BLANK = "\t\n\u000B\f\r \u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A"
            + "\u2028\u2029\u202F\u205F\u3000\uFEFF";

    private WellKnown() {}

    /** @param body bounded by {@link #LARGEST_BODY} */
    public static HandleClaim claim(int status, byte[] body) {
        if (status / 100 == 2) {
            return HandleClaim.did(firstLine(new String(body, StandardCharsets.UTF_8)))
                    .<HandleClaim>map(HandleClaim.Names::new)
                    .orElse(new HandleClaim.Nothing("well-known answers, and not with a DID"));
        }
        // Others, 401 and 403 for two, are as often a wall around the whole site as an answer about the handle.
        return status == 404 || status == 410
                ? new HandleClaim.Nothing("well-known answers " + status)
                : new HandleClaim.NoAnswer("well-known answers " + status);
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n') < 0 ? text.length() : text.indexOf('\n');
        int from = 0;
        while (from < end && isBlank(text.charAt(from))) {
            from++;
        }
        while (end > from && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(from, end);
    }

    private static boolean isBlank(char c) {
        return BLANK.indexOf(c) >= 0;
    }

    /** The answer was too large to be a DID. */
    public static HandleClaim tooLarge() {
        return new HandleClaim.Nothing("well-known answers at length, and not with a DID");
    }
}
