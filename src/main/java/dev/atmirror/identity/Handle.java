package dev.atmirror.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;

/** Handles as in the AT Protocol's handle specification. */
public final class Handle {
    private static final int MAX_LENGTH = 253;
    private static final String SCHEME = "at://";
    private static final int MAX_LABEL = 63;

    private Handle() {}

    /** @return the handle in lower case, or empty where the syntax is wrong */
    public static Optional<String> parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return isValid(lower) ? Optional.of(lower) : Optional.empty();
    }

    /** Two labels or more; by hand, since every operation stored passes here and a regular expression took its time. */
    private static boolean isValid(String text) {
        int labels = 0;
        int start = 0;
        for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', start)) {
            if (!isLabel(text, start, dot)) {
                return false;
            }
            labels++;
            start = dot + 1;
        }
        return labels > 0 && isLabel(text, start, text.length()) && isLetter(text.charAt(start));
    }

    private static boolean isLabel(String text, int from, int to) {
        if (from == to || to - from > MAX_LABEL || text.charAt(from) == '-' || text.charAt(to - 1) == '-') {
            return false;
        }
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z';
    }

    /** The first syntactically valid {@code at://} entry of {@code alsoKnownAs}, lower-cased. It is a claim, not verified. */
    public static Optional<String> declared(Iterable<JsonNode> alsoKnownAs) {
        for (JsonNode entry : alsoKnownAs) {
            String text = entry.asText();
            if (text.startsWith(SCHEME)) {
                Optional<String> handle = parse(text.substring(SCHEME.length()));
                if (handle.isPresent()) {
                    return handle;
                }
            }
        }
        return Optional.empty();
    }
}
