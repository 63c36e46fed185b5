package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Everything that commits to the log, one at a time. The hosts see each operation. Safe for many threads. */
final class Directory {
    /** Between the births of the hosts' first accounts and the past that all share. */
    static final Duration INTERLUDE = Duration.ofHours(1);

    private final SandboxLog log;
    private final Traffic traffic;
    private final Submissions submissions;
    private final InstantSource clock;
    private final Hosts hosts;

    Directory(SandboxSettings settings, InstantSource clock) {
        this(settings, clock, Hosts.NONE);
    }

    Directory(SandboxSettings settings, InstantSource clock, Hosts hosts) {
        this.clock = clock;
        this.hosts = hosts;
        this.log = new SandboxLog(settings.seed(), hosts.bulk());
        this.traffic = new Traffic(settings, hosts.settled().isEmpty() ? settings.pdsEndpoints() : hosts.settled());
        this.submissions = new Submissions(log);
        Instant now = clock.instant();
        new Specials(hosts, traffic.population(), this::commit, now.minus(settings.span()).minus(INTERLUDE)).settle();
        traffic.past(settings.operations(), settings.span(), now).forEach(this::commit);
    }

    private SandboxOperation commit(Draft draft) {
        SandboxOperation operation = log.append(draft);
        hosts.observe(operation);
        return operation;
    }

    SandboxLog log() {
        return log;
    }

    /** Lets so many operations happen now; fewer when the log becomes full. With each somebody may post. */
    synchronized List<SandboxOperation> grow(int operations) {
        List<SandboxOperation> grown = new ArrayList<>();
        for (int i = 0; i < operations && !log.isFull(); i++) {
            grown.add(commit(traffic.live(clock.instant())));
            hosts.postSomewhere(clock.instant());
        }
        return grown;
    }

    /** Commits an operation whose time lies behind the newest of the log, as when its transaction took long. */
    synchronized SandboxOperation late(Duration behind) {
        Instant newest = log.newest().orElseGet(clock::instant).truncatedTo(ChronoUnit.MILLIS);
        return commit(traffic.newcomer(newest.minus(behind)));
    }

    /** @return why the operation is refused; empty when it is committed */
    synchronized Optional<String> submit(String did, JsonNode operation) {
        Submissions.Verdict verdict =
                submissions.judge(did, operation, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        verdict.draft().ifPresent(this::commit);
        return verdict.draft().isPresent() ? Optional.empty() : Optional.of(verdict.complaint());
    }

    /** A new account. @param host index of an ordinary one; else nothing happens */
    synchronized Optional<SandboxOperation> create(int host) {
        if (!isOrdinary(host) || log.isFull()) {
            return Optional.empty();
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return Optional.of(commit(traffic.population().ordinary(host, now).birth()));
    }

    private boolean isOrdinary(int host) {
        return host >= 0 && host < hosts.settled().size();
    }

    /** Moves one of the hosts' first accounts; false where that is not possible. @param host index of an ordinary one */
    synchronized boolean move(String did, int host) {
        Optional<Account> account = isOrdinary(host) ? changing(did) : Optional.empty();
        account.ifPresent(found -> commit(traffic.population().moveTo(found, host, later(found))));
        return account.isPresent();
    }

    /** Gives one of the hosts' first accounts another handle; false where that is not possible. */
    synchronized boolean rename(String did, String handle) {
        Optional<Account> account = changing(did);
        account.ifPresent(found ->
                commit(found.update(Population.withHandle(found.head().state(), handle), later(found))));
        return account.isPresent();
    }

    /** Ends the DID of one of the hosts' first accounts; false where that is not possible. */
    synchronized boolean tombstone(String did) {
        Optional<Account> account = changing(did);
        account.ifPresent(found -> {
            int weakest = found.head().keys().size() - 1;
            commit(found.tombstone(found.head(), weakest, later(found)));
        });
        return account.isPresent();
    }

    private Optional<Account> changing(String did) {
        OptionalInt account = hosts.bulk().find(did);
        return account.isPresent() && !log.isFull()
                ? Optional.of(hosts.bulk().changing(account.getAsInt())).filter(Account::canGoOn)
                : Optional.empty();
    }

    private Instant later(Account account) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant least = account.lastTime().plusMillis(1);
        return least.isAfter(now) ? least : now;
    }
}
