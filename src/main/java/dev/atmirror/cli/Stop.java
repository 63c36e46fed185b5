package dev.atmirror.cli;

/** Ends long work cleanly on Ctrl-C and SIGTERM. */
final class Stop {
    private Stop() {}

    /** @param close must return within seconds: whoever sent the signal waits for it */
    static void onSignal(Runnable close) {
        Runtime.getRuntime().addShutdownHook(new Thread(close, "stop"));
    }
}
