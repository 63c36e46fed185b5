package dev.atmirror.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.atmirror.handle.HandleCheck;
import dev.atmirror.handle.HandleVerdict;
import dev.atmirror.store.Accounts.Account;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks handles because a client asks. Each check is a request to hosts that strangers choose, so clients get few: each
 * its own share, and all together no more than the mirror can bear, in number and at the same time. A check that is not
 * allowed says how long to wait.
 */
public final class ChecksOnDemand {
    private static final Logger LOG = LoggerFactory.getLogger(ChecksOnDemand.class);
    private static final int CLIENTS = 100_000;
    private static final int AT_ONCE = 6; // of some twenty threads that answer: a slow host keeps one for half a minute
    private static final int SOON = 5; // seconds
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration AGAIN = Duration.ofMinutes(5);

    private final HandleCheck check;
    private final InstantSource clock;
    private final long perClient;
    private final TimeMeter time;
    private final Bucket all;
    private final Semaphore threads = new Semaphore(AT_ONCE);
    private final Cache<String, Bucket> clients =
            Caffeine.newBuilder().maximumSize(CLIENTS).expireAfterAccess(WINDOW.multipliedBy(2)).build();

    /** @param perClient checks a minute of one client @param together of all clients */
    public ChecksOnDemand(HandleCheck check, long perClient, long together, InstantSource clock) {
        this.check = check;
        this.clock = clock;
        this.perClient = perClient;
        this.time = new ClockTime(clock);
        this.all = bucket(together);
    }

    private Bucket bucket(long checks) {
        return Bucket.builder()
                .withCustomTimePrecision(time)
                .addLimit(limit -> limit.capacity(checks).refillGreedy(checks, WINDOW))
                .build();
    }

    /**
     * Checks the handle that the accounts declare, and stores it: of several claimants the first, and then the one to which
     * the handle points, since the others cannot be its owner.
     *
     * @param client whose share it comes from
     * @return seconds to wait, where that is too much; nothing was checked then
     */
    Optional<Integer> all(List<Account> accounts, String client) {
        List<Account> chosen = accounts.stream()
                .filter(account -> account.handle().isPresent() && !account.tombstoned())
                .toList();
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        if (!threads.tryAcquire()) {
            return Optional.of(SOON);
        }
        try {
            Optional<Integer> wait = takeOrWait(Math.min(chosen.size(), 2), client);
            if (wait.isEmpty()) {
                check(chosen);
            }
            return wait;
        } finally {
            threads.release();
        }
    }

    private void check(List<Account> claimants) {
        Optional<String> owner = check(claimants.get(0).did()).flatMap(HandleVerdict::pointsTo);
        claimants.stream().map(Account::did).filter(did -> owner.equals(Optional.of(did))).findFirst().ifPresent(this::check);
    }

    /** What could not be stored is not known, and is asked for again by whoever comes next. */
    private Optional<HandleVerdict> check(String did) {
        try {
            return check.now(did);
        } catch (IllegalStateException e) {
            LOG.warn("{} was not checked: {}", did, e.getMessage());
            return Optional.empty();
        }
    }

    /** The same, as far as nothing is known of the handle yet; not again where nobody answered a moment ago. */
    Optional<Integer> open(List<Account> accounts, String client) {
        Instant lately = clock.instant().minus(AGAIN);
        return all(
                accounts.stream()
                        .filter(account -> account.check().isOpen()
                                && account.check().triedAt().filter(lately::isBefore).isEmpty())
                        .toList(),
                client);
    }

    private Optional<Integer> takeOrWait(int checks, String client) {
        Bucket own = clients.get(client, name -> bucket(perClient));
        ConsumptionProbe probe = own.tryConsumeAndReturnRemaining(checks);
        if (!probe.isConsumed()) {
            return Optional.of(seconds(probe));
        }
        ConsumptionProbe together = all.tryConsumeAndReturnRemaining(checks);
        if (!together.isConsumed()) {
            own.addTokens(checks); // it was not the client's fault
            return Optional.of(seconds(together));
        }
        return Optional.empty();
    }

    private static int seconds(ConsumptionProbe probe) {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1);
    }

    /** The clock that is handed in, as Bucket4j takes it. */
    private record ClockTime(InstantSource clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return TimeUnit.MILLISECONDS.toNanos(clock.millis());
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
