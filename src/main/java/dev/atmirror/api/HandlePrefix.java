package dev.atmirror.api;

import dev.atmirror.identity.Pasted;
import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * The beginning of a handle as a person types it. Letters beyond ASCII are written in punycode, where the beginning of a
 * word is not the beginning of what it is written as: there, the ASCII letters of the label lead to candidates, of which
 * {@link #fits} takes those that read right.
 *
 * @param ascii what handles begin with that may fit: {@code a} to {@code z}, digits, '-' and '.'
 * @param typed in lower case and composed
 */
record HandlePrefix(String ascii, String typed) {
    private static final int LONGEST = 253; // of a handle
    private static final int LIKENESS = 4; // letters; of fewer everything looks alike
    private static final String PUNYCODE = "xn--";

    /** @return empty for what no handle begins with; a {@code %} or {@code _} is as literal as any other */
    static Optional<HandlePrefix> of(String asked) {
        String text = Pasted.name(asked);
        if (text.isEmpty() || text.length() > LONGEST) {
            return Optional.empty();
        }
        String typed = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        StringBuilder ascii = new StringBuilder();
        int start = 0;
        for (int dot = typed.indexOf('.'); dot >= 0; dot = typed.indexOf('.', start)) {
            Optional<String> label = whole(typed.substring(start, dot));
            if (label.isEmpty()) {
                return Optional.empty();
            }
            ascii.append(label.get()).append('.');
            start = dot + 1;
        }
        ascii.append(begun(typed.substring(start)));
        boolean possible = ascii.length() > 0 && ascii.length() <= LONGEST && ascii.charAt(0) != '-'
                && ascii.chars().allMatch(HandlePrefix::isOfHandles);
        return possible ? Optional.of(new HandlePrefix(ascii.toString(), typed)) : Optional.empty();
    }

    private static Optional<String> whole(String label) {
        try {
            String ascii = IDN.toASCII(label, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
            return Optional.of(ascii).filter(text -> !text.isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Punycode begins with the ASCII letters of the whole label, of which those typed are the first. */
    private static String begun(String label) {
        if (label.chars().allMatch(c -> c < 0x80)) {
            return label;
        }
        StringBuilder ascii = new StringBuilder(PUNYCODE);
        label.chars().filter(c -> c < 0x80).forEach(c -> ascii.append((char) c));
        return ascii.toString();
    }

    private static boolean isOfHandles(int c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.';
    }

    boolean isPlain() {
        return typed.equals(ascii);
    }

    boolean fits(String handle) {
        return isPlain() ? handle.startsWith(ascii) : readable(handle).startsWith(typed);
    }

    /** What to compare first labels with; empty where that would say little. */
    Optional<String> label() {
        int dot = ascii.indexOf('.');
        String label = dot < 0 ? ascii : ascii.substring(0, dot);
        return isPlain() && label.length() >= LIKENESS ? Optional.of(label) : Optional.empty();
    }

    /** A handle with its punycode read. */
    static String readable(String handle) {
        return handle.contains(PUNYCODE) ? IDN.toUnicode(handle, IDN.ALLOW_UNASSIGNED) : handle;
    }
}
