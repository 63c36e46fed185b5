package dev.atmirror.pds;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which collections are wanted: NSIDs, with {@code *} for any one segment, or for one and all that follow at the end
 * ({@code app.bsky.feed.*}, {@code *.example.note}). None means all.
 */
public final class NsidPatterns {
    private static final Pattern SYNTAX = Pattern.compile("(?:[a-zA-Z0-9-]+|\\*)(?:\\.(?:[a-zA-Z0-9-]+|\\*))*");

    private final List<Pattern> patterns;

    /** @throws IllegalArgumentException for what is no NSID with wildcards at its dots */
    public NsidPatterns(Collection<String> wanted) {
        patterns = wanted.stream().map(NsidPatterns::compile).toList();
    }

    private static Pattern compile(String pattern) {
        if (!SYNTAX.matcher(pattern).matches()) {
            throw new IllegalArgumentException(
                    "no NSID, and none with * in place of whole segments: " + pattern);
        }
        String regex = pattern.replace(".", "\\.");
        if (regex.endsWith("*")) {
            regex = regex.substring(0, regex.length() - 1) + ".+";
        }
        return Pattern.compile(regex.replace("*", "[^.]+"));
    }

    public boolean isAll() {
        return patterns.isEmpty();
    }

    public boolean matches(String nsid) {
        return patterns.isEmpty() || patterns.stream().anyMatch(p -> p.matcher(nsid).matches());
    }
}
