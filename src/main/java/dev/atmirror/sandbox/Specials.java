package dev.atmirror.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes the special accounts of each host what they are, as far as that takes more operations than the first. */
final class Specials {
    /** A port that is for the discard service, if for anything: on no machine of today anything listens there. */
    static final String UNREACHABLE = "http://localhost:9";

    private static final int RESTLESS = 300; // accounts of the hosts that live traffic may touch, too

    private final Hosts hosts;
    private final BulkAccounts bulk;
    private final Population population;
    private final Consumer<Draft> commit;
    private Instant at;

    /**
     * @param commit appends to the log, and lets the hosts observe it
     * @param at after all births; the operations come a millisecond apart
     */
    Specials(Hosts hosts, Population population, Consumer<Draft> commit, Instant at) {
        this.hosts = hosts;
        this.bulk = hosts.bulk();
        this.population = population;
        this.commit = commit;
        this.at = at;
    }

    void settle() {
        int ordinary = hosts.settled().size();
        int accounts = hosts.all().isEmpty() ? 0 : hosts.all().get(0).places();
        for (PdsHost host : hosts.all()) {
            for (int place = 0; host.kind().behaves() && place < Math.min(accounts, AccountKind.SPECIAL); place++) {
                make(host, place, (host.index() + 1) % ordinary);
            }
        }
        wake(ordinary, accounts);
    }

    /** Every other account of the ordinary hosts changes from time to time, until there are enough of them. */
    private void wake(int ordinary, int accounts) {
        int restless = 0;
        for (int place = AccountKind.SPECIAL; place < accounts; place += 2) {
            for (int host = 0; host < ordinary && restless < RESTLESS; host++) {
                population.activate(bulk.changing(bulk.account(host, place)));
                restless++;
            }
        }
    }

    private void make(PdsHost host, int place, int next) {
        int number = bulk.account(host.index(), place);
        Repo before = host.at(place);
        Optional<PdsHost> target = Optional.of(hosts.all().get(next)).filter(other -> other != host);
        switch (AccountKind.of(place)) {
            case MIGRATED -> target.ifPresent(other -> move(number, next));
            case MOVED_IN_DIRECTORY_ONLY -> target.ifPresent(other -> {
                move(number, next);
                other.forget(before.did());
                host.put(before);
            });
            case TOMBSTONED_YET_LISTED -> {
                Account account = bulk.changing(number);
                commit.accept(account.tombstone(account.head(), lastKey(account), tick()));
                host.put(before);
            }
            case UNREACHABLE -> {
                Account account = bulk.changing(number);
                commit.accept(account.update(Population.withHost(account.head().state(), UNREACHABLE), tick()));
            }
            case HANDLE_CHANGED -> rename(number);
            case HANDLE_DISPUTED -> {
                rename(number);
                host.put(before);
            }
            default -> { } // All that it takes is in its first operation.
        }
    }

    private void move(int number, int host) {
        commit.accept(population.moveTo(bulk.changing(number), host, tick()));
    }

    private void rename(int number) {
        Account account = bulk.changing(number);
        String handle = "renamed-" + Integer.toString(number, Character.MAX_RADIX)
                + BulkAccounts.domain(bulk.host(number));
        commit.accept(account.update(Population.withHandle(account.head().state(), handle), tick()));
    }

    private static int lastKey(Account account) {
        return account.head().keys().size() - 1;
    }

    private Instant tick() {
        at = at.plus(Duration.ofMillis(1));
        return at;
    }
}
