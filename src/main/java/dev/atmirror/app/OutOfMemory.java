package dev.atmirror.app;

import java.io.PrintStream;
import java.util.function.IntConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when memory runs out: what goes on after that may have lost anything, and Camel would take it for a
 * failed exchange like another. The launcher's {@code -XX:+ExitOnOutOfMemoryError} does the same for what the JVM itself
 * finds out; this is for programs without the launcher, and for memory outside of the heap.
 */
final class OutOfMemory extends EventNotifierSupport {
    /** What the JVM ends with, too. */
    static final int STATUS = 3;

    private static final int DEEPEST_CAUSE = 50;
    private static final Logger LOG = LoggerFactory.getLogger(OutOfMemory.class);

    private final PrintStream err;
    private final IntConsumer halt;

    /** @param halt ends the process at once, without hooks: these would need memory */
    OutOfMemory(PrintStream err, IntConsumer halt) {
        this.err = err;
        this.halt = halt;
        setIgnoreCamelContextEvents(true);
        setIgnoreCamelContextInitEvents(true);
        setIgnoreRouteEvents(true);
        setIgnoreServiceEvents(true);
        setIgnoreStepEvents(true);
        setIgnoreExchangeAsyncProcessingStartedEvents(true);
        setIgnoreExchangeCreatedEvent(true);
        setIgnoreExchangeRedeliveryEvents(true);
        setIgnoreExchangeSendingEvents(true);
        setIgnoreExchangeSentEvents(true);
    }

    /** Creates the watch over the routes of a running program. */
    static OutOfMemory inRoutes() {
        return new OutOfMemory(System.err, Runtime.getRuntime()::halt);
    }

    /** Sets a watch over threads that have no other. */
    static void watch() {
        OutOfMemory watch = inRoutes();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            watch.check(thrown);
            if (before != null) {
                before.uncaughtException(thread, thrown);
            } else {
                LOG.warn("the thread {} has ended, which it should not; what it did may stand still", thread.getName(), thrown);
            }
        });
    }

    /** Ends the process if that is the cause, however wrapped. */
    void check(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof OutOfMemoryError) {
                err.println("at-mirror: out of memory (" + cause.getMessage() + "): the process ends, and goes on from what is"
                        + " stored when it is started again; ATMIRROR_JAVA_OPTS=-Xmx1g gives it more");
                err.flush();
                halt.accept(STATUS);
                return;
            }
            cause = cause.getCause();
        }
    }

    @Override
    public void notify(CamelEvent event) {
        if (event instanceof CamelEvent.ExchangeEvent failed) {
            Exchange exchange = failed.getExchange();
            check(exchange.getException());
            check(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        }
    }
}
