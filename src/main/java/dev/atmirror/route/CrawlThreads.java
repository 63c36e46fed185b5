package dev.atmirror.route;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for thousands of requests that mostly wait: virtual ones where the JDK has them (21), else small ones. */
public final class CrawlThreads {
    private static final int STACK = 256 << 10; // a quarter of the usual; a request is some 60 calls deep

    private CrawlThreads() {}

    /**
     * A thread for each task, without any bound: whoever hands out tasks bounds them. Close it after use.
     *
     * @param name of the threads, before their number
     */
    public static ExecutorService named(String name) {
        try {
            return virtual(name);
        } catch (ReflectiveOperationException e) { // not there, or not yet for everyone, as in 19 and 20
            return Executors.newCachedThreadPool(small(name));
        }
    }

    /** By reflection, since the program is built for 17. */
    private static ExecutorService virtual(String name) throws ReflectiveOperationException {
        Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
        Class<?> type = Class.forName("java.lang.Thread$Builder");
        type.getMethod("name", String.class, long.class).invoke(builder, name + "-", 1L);
        Object factory = type.getMethod("factory").invoke(builder);
        return (ExecutorService) Executors.class
                .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                .invoke(null, factory);
    }

    private static ThreadFactory small(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(null, task, name + "-" + count.incrementAndGet(), STACK);
            thread.setDaemon(true);
            return thread;
        };
    }
}
