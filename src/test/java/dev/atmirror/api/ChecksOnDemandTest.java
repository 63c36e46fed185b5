package dev.atmirror.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.handle.HandleResult;
import dev.atmirror.handle.HandleVerdict;
import dev.atmirror.store.Accounts.Account;
import dev.atmirror.store.CheckedHandle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChecksOnDemandTest {
    private final List<String> checked = new CopyOnWriteArrayList<>();
    private Optional<String> pointsTo = Optional.empty();
    private Instant now = Instant.parse("2024-05-01T00:00:00Z");

    private ChecksOnDemand checks(long perClient, long together) {
        return new ChecksOnDemand(did -> {
            checked.add(did);
            return Optional.of(new HandleVerdict(
                    HandleResult.POINTS_ELSEWHERE, Optional.empty(), Optional.empty(), pointsTo, Optional.empty()));
        }, perClient, together, () -> now);
    }

    private static Account account(String name, String result, Optional<Instant> triedAt) {
        CheckedHandle check = new CheckedHandle(
                result, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), triedAt, 0);
        return new Account("did:plc:" + name, Optional.of(name + ".test"), Optional.empty(), Instant.EPOCH, false,
                Optional.empty(), Optional.empty(), check);
    }

    private static List<Account> one(String name) {
        return List.of(account(name, "unchecked", Optional.empty()));
    }

    @Test
    void check_beyondAClientsShare_waitsUntilThatComesBack() {
        ChecksOnDemand checks = checks(2, 100);
        assertThat(checks.all(one("a"), "me")).isEmpty();
        assertThat(checks.all(one("b"), "me")).isEmpty();
        int wait = checks.all(one("c"), "me").orElseThrow();
        assertThat(wait).isBetween(30, 31);
        assertThat(checks.all(one("c"), "you")).as("another's share").isEmpty();
        now = now.plusSeconds(wait);
        assertThat(checks.all(one("d"), "me")).isEmpty();
        assertThat(checked).containsExactly("did:plc:a", "did:plc:b", "did:plc:c", "did:plc:d");
    }

    @Test
    void check_refusedForAllTogether_isNotTakenFromTheClient() {
        ChecksOnDemand checks = checks(1, 1);
        assertThat(checks.all(one("a"), "you")).isEmpty();
        assertThat(checks.all(one("b"), "me")).isPresent();
        now = now.plusSeconds(60);
        assertThat(checks.all(one("b"), "me")).isEmpty();
    }

    @Test
    void claimants_ofOneHandle_areTheFirstAndTheOneItPointsTo() {
        List<Account> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.addAll(one("claimant" + i));
        }
        pointsTo = Optional.of("did:plc:claimant70");
        assertThat(checks(2, 5).all(many, "me")).isEmpty();
        assertThat(checked).containsExactly("did:plc:claimant0", "did:plc:claimant70");
        pointsTo = Optional.of("did:plc:nobody");
        assertThat(checks(2, 5).all(many, "me")).isEmpty();
        assertThat(checked).hasSize(3);
    }

    @Test
    void open_ofWhatIsKnownOrWasTriedLately_checksNothing() {
        ChecksOnDemand checks = checks(10, 10);
        checks.open(List.of(account("valid", "valid", Optional.empty())), "me");
        checks.open(List.of(account("wrong", "no_record", Optional.empty())), "me");
        checks.open(List.of(account("silent", "unreachable", Optional.of(now.minusSeconds(10)))), "me");
        assertThat(checked).isEmpty();
        checks.open(List.of(account("silent", "unreachable", Optional.of(now.minusSeconds(301)))), "me");
        checks.open(one("new"), "me");
        assertThat(checked).containsExactly("did:plc:silent", "did:plc:new");
    }

    @Test
    void checks_thatTakeLong_leaveThreadsToOthers() throws Exception {
        CountDownLatch begun = new CountDownLatch(6);
        CountDownLatch end = new CountDownLatch(1);
        ChecksOnDemand slow = new ChecksOnDemand(did -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.empty();
        }, 100, 100, () -> now);
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<Optional<Integer>>> running = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                running.add(threads.submit(() -> slow.all(one("a"), "me")));
            }
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(slow.all(one("b"), "me")).hasValue(5);
            end.countDown();
            for (Future<Optional<Integer>> each : running) {
                assertThat(each.get(20, TimeUnit.SECONDS)).isEmpty();
            }
            assertThat(slow.all(one("b"), "me")).isEmpty();
        } finally {
            end.countDown();
            threads.shutdownNow();
        }
    }
}
