package dev.atmirror.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What may change about an identity. */
enum ChangeKind {
    /** the account came to be */
    NEW,
    HANDLE,
    PDS,
    /** rotation keys, or the key that signs the repository */
    KEY,
    /** closed, or opened again by a recovery */
    TOMBSTONE,
    /** operations were taken back, and so is what they changed */
    RECOVERY,
    /** another result of checking the declared handle */
    VERIFICATION;

    /** @throws BadQuery for an unknown name */
    static ChangeKind named(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadQuery("kind must be of "
                        + Arrays.stream(values()).map(ChangeKind::toString).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
