package dev.atmirror.app;

import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Keeps the log open until the program has stopped. The JDK's own closes it on a signal at once, beside the work that stopping
 * is, whose lines would be lost. Public, since the JDK makes it by its name.
 */
public final class LastingLogs extends LogManager {
    private volatile boolean kept;

    /** To be called at first, once the property {@code java.util.logging.manager} names this class. */
    static void keep() {
        if (LogManager.getLogManager() instanceof LastingLogs logs) {
            Logger.getLogger("").getHandlers(); // opened now, as they are not when the first line comes with the signal
            logs.kept = true;
        }
    }

    /** Closes the log. */
    static void end() {
        if (LogManager.getLogManager() instanceof LastingLogs logs) {
            logs.kept = false;
            logs.reset();
        }
    }

    @Override
    public void reset() {
        if (!kept) {
            super.reset();
        }
    }
}
