package dev.atmirror.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atmirror.identity.DidKey.Curve;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Short histories of one account each that a mirror must get right: recoveries and what goes before them, and accounts
 * that are odd and yet valid. Each comes as drafts with times that increase.
 */
final class Stories {
    private static final Duration RECOVERY_WINDOW = Duration.ofHours(72); // exactly so long is allowed

    private final Population population;
    private final OddAccounts odd;

    Stories(Population population) {
        this.population = population;
        this.odd = new OddAccounts(population);
    }

    /** How a story goes on from its start, with about this long between its steps. */
    private interface Plot extends BiFunction<Instant, Duration, List<Draft>> {}

    private List<Plot> plots() {
        return List.of(
                this::stolenAccount, this::nullifiedTombstone, this::nestedRecovery, this::longFork, this::repeatedKey);
    }

    int count() {
        return plots().size();
    }

    /** Any of the recoveries. @param pace between steps; at most a day, so that recoveries are in time */
    List<Draft> recovery(int which, Instant start, Duration pace) {
        return plots().get(which % count()).apply(start, pace);
    }

    /** Every story once: recoveries, the one at the last moment, and the odd accounts, each a list of its own. */
    List<List<Draft>> all(Instant start, Duration apart) {
        List<List<Draft>> all = new ArrayList<>();
        Instant at = start;
        for (int i = 0; i < count(); i++) {
            all.add(recovery(i, at, Duration.ofHours(7)));
            at = at.plus(apart);
        }
        all.add(atTheLastMoment(at));
        for (OddAccounts.Oddity oddity : odd.all()) {
            at = at.plus(apart);
            all.add(oddity.happen(at));
        }
        return all;
    }

    private Account threeKeyed(Instant at) {
        List<SigningKey> keys = List.of(population.newKey(Curve.P256), population.newKey(), population.newKey());
        return Account.create(population.state(), keys, 0, at);
    }

    private ObjectNode renamed(Account account) {
        return Population.withHandle(account.head().state(), population.newHandle());
    }

    /** Somebody with the host's key takes the account over; its owner takes it back and goes on. */
    private List<Draft> stolenAccount(Instant start, Duration pace) {
        Account account = threeKeyed(start);
        Account.Past before = account.genesis();
        List<SigningKey> thiefs = List.of(population.newKey());
        List<Draft> story = new ArrayList<>(List.of(account.birth()));
        story.add(account.update(before, renamed(account), thiefs, 2, start.plus(pace)));
        story.add(account.update(renamed(account), start.plus(pace.multipliedBy(2))));
        story.add(account.update(before, before.state(), before.keys(), 0, start.plus(pace.multipliedBy(3))));
        story.add(account.update(renamed(account), start.plus(pace.multipliedBy(4))));
        return story;
    }

    private List<Draft> nullifiedTombstone(Instant start, Duration pace) {
        Account account = threeKeyed(start);
        Account.Past before = account.genesis();
        return List.of(
                account.birth(),
                account.tombstone(before, 2, start.plus(pace)),
                account.update(before, renamed(account), before.keys(), 1, start.plus(pace.multipliedBy(2))));
    }

    /** A recovery, undone by a stronger one that names the same operation. */
    private List<Draft> nestedRecovery(Instant start, Duration pace) {
        Account account = threeKeyed(start);
        Account.Past before = account.genesis();
        return List.of(
                account.birth(),
                account.update(renamed(account), start.plus(pace)),
                account.update(renamed(account), start.plus(pace.multipliedBy(2))),
                account.update(before, renamed(account), before.keys(), 1, start.plus(pace.multipliedBy(3))),
                account.update(before, renamed(account), before.keys(), 0, start.plus(pace.multipliedBy(4))),
                account.update(renamed(account), start.plus(pace.multipliedBy(5))));
    }

    /** A recovery in the middle of the log: what stands before prev stays. */
    private List<Draft> longFork(Instant start, Duration pace) {
        Account account = threeKeyed(start);
        List<Draft> story = new ArrayList<>(List.of(account.birth()));
        story.add(account.update(renamed(account), start.plus(pace)));
        Account.Past before = account.head();
        for (int i = 2; i < 5; i++) {
            story.add(account.update(renamed(account), start.plus(pace.multipliedBy(i))));
        }
        story.add(account.update(before, renamed(account), before.keys(), 0, start.plus(pace.multipliedBy(5))));
        story.add(account.tombstone(account.head(), 0, start.plus(pace.multipliedBy(6))));
        return story;
    }

    /** The same key twice in the list: its first place decides its rank, so the key between cannot be outdone by it. */
    private List<Draft> repeatedKey(Instant start, Duration pace) {
        SigningKey strong = population.newKey();
        SigningKey weak = population.newKey();
        List<SigningKey> keys = List.of(strong, weak, strong, weak);
        Account account = Account.create(population.state(), keys, 3, start);
        Account.Past before = account.genesis();
        return List.of(
                account.birth(),
                account.update(before, renamed(account), keys, 3, start.plus(pace)),
                account.update(before, renamed(account), keys, 2, start.plus(pace.multipliedBy(2))));
    }

    private List<Draft> atTheLastMoment(Instant start) {
        Account account = threeKeyed(start);
        Account.Past before = account.genesis();
        Instant theft = start.plus(Duration.ofMinutes(90));
        return List.of(
                account.birth(),
                account.update(renamed(account), theft),
                account.update(before, renamed(account), before.keys(), 0, theft.plus(RECOVERY_WINDOW)));
    }
}
