package dev.atmirror.cli;

import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends long work cleanly on Ctrl-C and SIGTERM. What was begun last ends first: the JVM alone would end all at once, and a
 * database before those who write to it.
 */
public final class Stop {
    private static final Logger LOG = LoggerFactory.getLogger(Stop.class);
    private static final ConcurrentLinkedDeque<Registration> BEGUN = new ConcurrentLinkedDeque<>();
    private static final Thread HOOK = new Thread(Stop::endAll, "stop");
    private static boolean hooked;
    private static volatile boolean stopping;
    private static volatile boolean over;
    private static volatile Runnable last = () -> {};

    private Stop() {}

    /** Something that a signal ends. */
    public static final class Registration {
        private final Runnable close;

        private Registration(Runnable close) {
            this.close = close;
        }

        /** It has ended by itself. */
        public void cancel() {
            BEGUN.remove(this);
        }
    }

    /** @param close must return within seconds: whoever sent the signal waits for it */
    public static synchronized Registration onSignal(Runnable close) {
        Registration registration = new Registration(close);
        BEGUN.push(registration);
        listen();
        return registration;
    }

    /** Begins to listen, so that a signal leaves a line even where nothing is begun yet. */
    static synchronized void listen() {
        over = false;
        if (!hooked) {
            hooked = true;
            try {
                Runtime.getRuntime().addShutdownHook(HOOK);
            } catch (IllegalStateException e) {
                LOG.debug("the program is stopping already", e);
            }
        }
    }

    /** The command has ended by itself and said so: the end of the process needs no line. */
    static void over() {
        over = true;
    }

    /** @param closing what is done when all else has ended, and the last line is written */
    public static void whenStopped(Runnable closing) {
        last = closing;
    }

    /** Whether a signal has come: what would still take minutes is not begun, and what fails fails for that. */
    public static boolean isStopping() {
        return stopping;
    }

    private static void endAll() {
        stopping = true;
        boolean signal = !over;
        if (signal) {
            LOG.info("stopping …");
        }
        for (Registration next = BEGUN.poll(); next != null; next = BEGUN.poll()) {
            try {
                next.close.run();
            } catch (RuntimeException e) { // The others are still to be ended.
                LOG.warn("stopping: {}", Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName()));
            }
        }
        if (signal) {
            LOG.info("stopped");
        }
        last.run();
    }
}
