package dev.atmirror.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Handles as in the AT Protocol's handle specification. */
public final class Handle {
    private static final int MAX_LENGTH = 253;
    private static final String SCHEME = "at://";
    private static final Pattern SYNTAX =
            Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    private Handle() {}

    /** @return the handle in lower case, or empty where the syntax is wrong */
    public static Optional<String> parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return SYNTAX.matcher(lower).matches() ? Optional.of(lower) : Optional.empty();
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
