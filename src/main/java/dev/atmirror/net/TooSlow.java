package dev.atmirror.net;

import java.io.IOException;
import java.time.Duration;

/** An answer that was not all there within the time that a request gets, from dialling to the last byte. */
public final class TooSlow extends IOException {
    private static final long serialVersionUID = 1;

    TooSlow(Duration most, Throwable cause) {
        super("not answered in full within " + most.toMillis() + " ms", cause);
    }
}
