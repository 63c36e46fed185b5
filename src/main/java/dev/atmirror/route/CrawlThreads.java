package dev.atmirror.route;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
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
            return new Loud(virtual(name));
        } catch (ReflectiveOperationException e) { // not there, or not yet for everyone, as in 19 and 20
            return new Loud(Executors.newCachedThreadPool(small(name)));
        }
    }

    /** Hands errors to the handler of uncaught exceptions. Nobody asks for the result of a visit, so they would be lost in it. */
    private static final class Loud extends AbstractExecutorService {
        private final ExecutorService threads;

        Loud(ExecutorService threads) {
            this.threads = threads;
        }

        @Override
        protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
            return new FutureTask<>(task) {
                @Override
                protected void setException(Throwable thrown) {
                    super.setException(thrown);
                    Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
                    if (thrown instanceof Error && handler != null) {
                        handler.uncaughtException(Thread.currentThread(), thrown);
                    }
                }
            };
        }

        @Override
        protected <T> RunnableFuture<T> newTaskFor(Runnable task, T result) {
            return newTaskFor(Executors.callable(task, result));
        }

        @Override
        public void execute(Runnable task) {
            threads.execute(task);
        }

        @Override
        public void shutdown() {
            threads.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return threads.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return threads.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return threads.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return threads.awaitTermination(timeout, unit);
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
