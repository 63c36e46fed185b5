package dev.atmirror.handle;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What checking a declared handle came to. Stored by its letter ({@code handle_check.result}), shown by its name. */
public enum HandleResult {
    /** the handle points to the account that declares it */
    VALID('v'),
    /** neither DNS nor the host names any DID */
    NO_RECORD('n'),
    /** it points to another DID */
    POINTS_ELSEWHERE('e'),
    /** DNS names several DIDs, so that it points to none */
    CONFLICTING_RECORDS('c'),
    /** the account declares something, but no handle */
    INVALID_SYNTAX('s'),
    /** under a top-level domain that can belong to nobody */
    RESERVED('r'),
    /** nobody answered so far, which says nothing of the handle */
    UNREACHABLE('u'),
    UNCHECKED('-');

    private final char letter;

    HandleResult(char letter) {
        this.letter = letter;
    }

    public char letter() {
        return letter;
    }

    /** @throws IllegalArgumentException for a letter of no result */
    public static HandleResult of(String letter) {
        return Stream.of(values())
                .filter(result -> letter.equals(String.valueOf(result.letter)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no result of a check: " + letter));
    }

    /** Whether the handle is the account's; empty while that is not known. */
    public Optional<Boolean> matches() {
        return switch (this) {
            case UNREACHABLE, UNCHECKED -> Optional.empty();
            default -> Optional.of(this == VALID);
        };
    }

    /** As in the view {@code handle_checks}: {@code no_record}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
