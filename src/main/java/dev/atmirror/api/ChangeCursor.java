package dev.atmirror.api;

import dev.atmirror.store.Changes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a reader of changes is: in the log, and in the results of checking handles. Two numbers, as there are two writers
 * (src/RATIONALE.md#changes); as text {@code 1234-56}.
 */
record ChangeCursor(long operations, long checks) {
    static final ChangeCursor BEGINNING = new ChangeCursor(0, 0);
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})(?:-([0-9]{1,18}))?");

    /** @param text also a number alone, which is one of the log @throws BadQuery for anything else */
    static ChangeCursor of(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new BadQuery("cursor is none of ours");
        }
        return new ChangeCursor(Long.parseLong(parts.group(1)), parts.group(2) == null ? 0 : Long.parseLong(parts.group(2)));
    }

    static ChangeCursor of(Changes.Ends ends) {
        return new ChangeCursor(ends.operations(), ends.checks());
    }

    /** Whether the other is further, in whatever. */
    boolean isBehind(ChangeCursor other) {
        return operations < other.operations || checks < other.checks;
    }

    @Override
    public String toString() {
        return operations + "-" + checks;
    }
}
