package dev.atmirror.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrawlThreadsTest {
    @Test
    void named_tasksThatWait_allRunAtOnceUnderTheName() throws Exception {
        ExecutorService threads = CrawlThreads.named("crawl");
        CountDownLatch all = new CountDownLatch(300);
        List<Future<String>> names = IntStream.range(0, 300)
                .mapToObj(i -> threads.submit(() -> {
                    all.countDown();
                    all.await();
                    return Thread.currentThread().getName();
                }))
                .toList();
        for (Future<String> name : names) {
            assertThat(name.get(10, TimeUnit.SECONDS)).matches("crawl-[0-9]+");
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void named_fromJdk21_isVirtual() throws Exception {
        ExecutorService threads = CrawlThreads.named("crawl");
        String thread = threads.submit(() -> Thread.currentThread().toString()).get();
        assertThat(thread.startsWith("VirtualThread")).isEqualTo(Runtime.version().feature() >= 21);
        threads.shutdown();
    }

    /** Issue 12, E35: an error of a visit was kept in a result that nobody asks for. */
    @Test
    void error_ofATask_comesToTheHandlerOfUncaughtOnes() throws Exception {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> seen.complete(thrown));
        ExecutorService threads = CrawlThreads.named("visit");
        try {
            threads.submit(() -> {
                throw new OutOfMemoryError("as the JVM throws it");
            });
            assertThat(seen.get(10, TimeUnit.SECONDS)).isInstanceOf(OutOfMemoryError.class);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
            threads.shutdown();
        }
    }
}
