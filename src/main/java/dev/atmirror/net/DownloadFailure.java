package dev.atmirror.net;

import java.io.IOException;
import java.util.OptionalInt;

/** A file that cannot be had from its server, and asking again would not help. The message is one line and names the file. */
public final class DownloadFailure extends IOException {
    private static final long serialVersionUID = 1;
    private static final int NONE = 0;

    private final int status;

    DownloadFailure(String message, Throwable cause) {
        super(message, cause);
        this.status = NONE;
    }

    DownloadFailure(String message, int status) {
        super(message);
        this.status = status;
    }

    DownloadFailure(String message) {
        this(message, NONE);
    }

    /** What the server answered, where that was the failure. */
    public OptionalInt status() {
        return status == NONE ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /** Whether the server says that this address is none, or not for us. */
    public boolean isRefusal() {
        return status >= 400 && status < 500;
    }
}
