package dev.atmirror.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(100);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private CompletableFuture<Boolean> growing(ByteBudget.Share share, long size) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return share.growTo(size);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                threads);
    }

    @Test
    void tryAdd_withinTheBudget_isHeldUntilGivenBack() {
        ByteBudget.Share share = budget.share();
        assertThat(share.tryAdd(60)).isTrue();
        assertThat(budget.share().tryAdd(41)).isFalse();
        assertThat(budget.share().tryAdd(40)).isTrue();
        share.shrinkTo(10);
        assertThat(budget.used()).isEqualTo(50);
        share.giveBack();
        assertThat(budget.used()).isEqualTo(40);
    }

    /** Two that hold half each and want more would wait for each other for ever. */
    @Test
    void growTo_whenAllHoldAndWantMore_letsOneAfterTheOtherEnd() throws Exception {
        ByteBudget.Share one = budget.share();
        ByteBudget.Share other = budget.share();
        ByteBudget.Share third = budget.share();
        assertThat(one.growTo(50)).isFalse();
        assertThat(other.growTo(50)).isFalse();
        assertThat(one.growTo(80)).as("goes on beyond the budget, and waits for nobody").isFalse();
        CompletableFuture<Boolean> waiting = growing(other, 80);
        CompletableFuture<Boolean> last = growing(third, 30);
        await().atMost(Duration.ofSeconds(10)).until(() -> budget.waiting() == 2);
        assertThat(one.growTo(90)).isFalse();
        assertThat(waiting).isNotDone();
        assertThat(last).isNotDone();
        one.giveBack();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
        other.giveBack();
        assertThat(last.get(10, TimeUnit.SECONDS)).isTrue();
        third.giveBack();
        assertThat(budget.used()).isZero();
    }

    @Test
    void growTo_byManyAtOnce_neverHoldsMoreThanTheBudgetAndOneBeyond() throws Exception {
        AtomicLong held = new AtomicLong();
        AtomicLong most = new AtomicLong();
        CyclicBarrier together = new CyclicBarrier(40);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(threads.submit(() -> {
                for (int round = 0; round < 50; round++) {
                    together.await();
                    ByteBudget.Share share = budget.share();
                    for (long size = 10; size <= 40; size += 10) {
                        share.growTo(size);
                        most.accumulateAndGet(held.addAndGet(10), Math::max);
                    }
                    held.addAndGet(-40);
                    share.giveBack();
                }
                return null;
            }));
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> all.stream().allMatch(Future::isDone));
        for (Future<?> each : all) {
            each.get();
        }
        assertThat(most.get()).isLessThanOrEqualTo(140L);
        assertThat(budget.used()).isZero();
    }
}
