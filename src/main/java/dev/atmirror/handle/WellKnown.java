package dev.atmirror.handle;

import java.nio.charset.StandardCharsets;

/** Reads answers to {@code GET /.well-known/atproto-did}. */
public final class WellKnown {
    public static final String PATH = "/.well-known/atproto-did";

    /** A DID with white space around it; whatever is longer is a page for people. */
    public static final int LARGEST_BODY = 2048;

    private WellKnown() {}

    /** @param body bounded by {@link #LARGEST_BODY} */
    public static HandleClaim claim(int status, byte[] body) {
        if (status / 100 == 2) {
            return HandleClaim.did(new String(body, StandardCharsets.UTF_8))
                    .<HandleClaim>map(HandleClaim.Names::new)
                    .orElse(new HandleClaim.Nothing("well-known answers, and not with a DID"));
        }
        // Others, 401 and 403 for two, are as often a wall around the whole site as an answer about the handle.
        return status == 404 || status == 410
                ? new HandleClaim.Nothing("well-known answers " + status)
                : new HandleClaim.NoAnswer("well-known answers " + status);
    }

    /** The answer was too large to be a DID. */
    public static HandleClaim tooLarge() {
        return new HandleClaim.Nothing("well-known answers at length, and not with a DID");
    }
}
