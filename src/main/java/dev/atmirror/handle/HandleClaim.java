package dev.atmirror.handle;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What one source, DNS or the handle's own host, says of a handle. "Nothing" and "no answer" are two things. */
public sealed interface HandleClaim {
    /** It names this DID. */
    record Names(String did) implements HandleClaim {}

    /** It names several, which counts as none (AT Protocol, handle specification). */
    record Several(List<String> dids) implements HandleClaim {}

    /** It answers, and names none. @param why in a few words */
    record Nothing(String why) implements HandleClaim {}

    /** It does not answer, which says nothing of the handle. @param why in a few words */
    record NoAnswer(String why) implements HandleClaim {}

    int LONGEST_DID = 2048; // as the DID specification of the AT Protocol has it
    Pattern DID = Pattern.compile("did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]");

    /** @param text a DID without anything around it, or whatever else a person could type */
    static Optional<String> did(String text) {
        return text.length() <= LONGEST_DID && DID.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }

    /** Whether the other source need not be asked: what DNS names counts, whatever the host says. */
    default boolean decides() {
        return this instanceof Names || this instanceof Several;
    }
}
