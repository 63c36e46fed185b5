package dev.atmirror.net;

import java.io.IOException;

/** A URL that must not be fetched, given to us or pointed to by a redirect. */
public final class RefusedTarget extends IOException {
    private static final long serialVersionUID = 1;

    RefusedTarget(String target) {
        super("must not be fetched: " + target);
    }
}
