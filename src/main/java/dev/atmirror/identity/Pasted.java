package dev.atmirror.identity;

/** Names as people paste them: pages and chats put characters around them that nobody sees. */
public final class Pasted {
    private static final String SCHEME = "at://";

    private Pasted() {}

    /** A DID or handle, or the beginning of one, without an {@code @} or {@code at://} before it and without what is not seen. */
    public static String name(String text) {
        String name = bare(text);
        name = name.startsWith("@") ? bare(name.substring(1)) : name;
        return name.startsWith(SCHEME) ? bare(name.substring(SCHEME.length())) : name;
    }

    /** The text without white space and format characters (marks of direction, zero width, byte order) at both ends. */
    public static String bare(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isUnseen(text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (to > from && isUnseen(text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    /** The text for a message: what would not be seen in it stands there by its number, as {@code <U+200B>}. */
    public static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c != ' ' && (isUnseen(c) || Character.getType(c) == Character.CONTROL || Character.getType(c) == Character.SURROGATE)) {
                shown.append(String.format("<U+%04X>", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    private static boolean isUnseen(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.getType(c) == Character.FORMAT;
    }
}
