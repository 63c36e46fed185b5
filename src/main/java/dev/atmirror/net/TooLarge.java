package dev.atmirror.net;

import java.io.IOException;

/** An answer with more bytes than are read from anyone. */
public final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;

    TooLarge(long most) {
        super("more than " + most + " bytes");
    }
}
