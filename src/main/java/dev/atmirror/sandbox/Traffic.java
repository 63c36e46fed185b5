package dev.atmirror.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * What happens in the sandbox: first the past, spread over a span of time and with every story in it, then one
 * operation after the other. All draws come from one seed. Not thread-safe.
 */
final class Traffic {
    private static final int FIRST_STORIES_PERCENT = 60; // the rest of the span is left for late recoveries and calm
    private static final Duration STORY_PACE = Duration.ofHours(9);
    private static final Duration LIVE_STORY_PACE = Duration.ofSeconds(4);
    /** A story interrupted for longer is dropped, as its recovery might come too late to be valid. */
    private static final Duration LONGEST_BREAK = Duration.ofHours(1);

    private static final int GENESIS_PERCENT = 74; // stories' and odd accounts' updates make it about 70 in the log
    private static final int SHARED_MILLISECOND_PERCENT = 4;
    private static final int LATE_PERCENT = 2;

    private final Random random;
    private final Population population;
    private final Stories stories;
    private final Forgeries forgeries;
    private final int invalidEvery;
    private final PriorityQueue<Due> agenda = new PriorityQueue<>(
            Comparator.comparing((Due due) -> due.draft.createdAt()).thenComparing(Due::number));
    private int planned;
    private int made;
    private Instant lastStoryTime = Instant.MIN;

    /** @param number keeps what was planned first before what was planned later for the same time */
    private record Due(Draft draft, int number) {}

    /** @param endpoints of the hosts that accounts live at and move to */
    Traffic(SandboxSettings settings, List<String> endpoints) {
        this.random = new Random(settings.seed());
        this.population = new Population(settings.seed(), random, endpoints);
        this.stories = new Stories(population);
        this.forgeries = new Forgeries(population);
        this.invalidEvery = settings.invalidEvery();
    }

    Population population() {
        return population;
    }

    /** The past: exactly so many operations, in the order of the log, the last one about {@code end}. */
    List<Draft> past(int operations, Duration span, Instant end) {
        Instant begin = end.minus(span).truncatedTo(ChronoUnit.MILLIS);
        long[] offsets = random.longs(operations, 0, span.toMillis()).sorted().toArray();
        if (operations > 0) {
            offsets[operations - 1] = span.toMillis() - 1;
        }
        Duration apart = span.multipliedBy(FIRST_STORIES_PERCENT).dividedBy(100L * (stories.count() + 20));
        stories.all(begin.plus(apart), apart).forEach(this::plan);
        shareMilliseconds(offsets);
        List<Draft> past = new ArrayList<>(operations);
        for (long offset : offsets) {
            past.add(next(begin.plusMillis(offset), STORY_PACE));
        }
        commitSomeLate(past);
        agenda.clear(); // What has not ended by now may be too far off to end in time.
        return past;
    }

    /** Swaps neighbours: the order of the log and that of time agree within one DID only. */
    private void commitSomeLate(List<Draft> past) {
        for (int i = 1; i < past.size() - 1; i++) {
            boolean sameDid = past.get(i).did().equals(past.get(i - 1).did());
            if (!sameDid && random.nextInt(100) < LATE_PERCENT) {
                Collections.swap(past, i, i - 1);
            }
        }
    }

    private void shareMilliseconds(long[] offsets) {
        for (int i = 1; i < offsets.length - 1; i++) {
            if (random.nextInt(100) < SHARED_MILLISECOND_PERCENT) {
                offsets[i] = offsets[i - 1];
            }
        }
        Arrays.sort(offsets);
    }

    /** What happens now. */
    Draft live(Instant now) {
        Instant at = now.truncatedTo(ChronoUnit.MILLIS);
        Due due = agenda.peek();
        if (due != null && due.draft.createdAt().plus(LONGEST_BREAK).isBefore(at)) {
            agenda.clear();
        }
        return next(at, LIVE_STORY_PACE).at(at);
    }

    /** A new account, and nothing else: for commits out of the order of time. */
    Draft newcomer(Instant at) {
        return population.ordinary(at).birth();
    }

    private Draft next(Instant at, Duration pace) {
        made++;
        if (invalidEvery > 0 && made % invalidEvery == 0) {
            return forgeries.next(at);
        }
        Due due = agenda.peek();
        // Two steps of one story must not come to have the same time.
        if (due != null && !due.draft.createdAt().isAfter(at) && lastStoryTime.isBefore(at)) {
            lastStoryTime = pace.equals(LIVE_STORY_PACE) ? at : Instant.MIN;
            return agenda.remove().draft;
        }
        return spontaneous(at, pace);
    }

    private Draft spontaneous(Instant at, Duration pace) {
        if (random.nextInt(100) < GENESIS_PERCENT) {
            return birth(at);
        }
        Optional<Account> account = population.pick(at);
        if (account.isEmpty()) {
            return birth(at);
        }
        return change(account.get(), at, pace);
    }

    private Draft birth(Instant at) {
        int draw = random.nextInt(100);
        Account account;
        if (draw < 5) {
            account = population.legacy(at);
        } else if (draw < 9) {
            account = population.selfGuarded(at);
        } else {
            account = population.ordinary(at);
        }
        population.activate(account);
        return account.birth();
    }

    private Draft change(Account account, Instant at, Duration pace) {
        Account.Past head = account.head();
        int weakest = head.keys().size() - 1;
        int draw = random.nextInt(100);
        if (draw < 50) {
            return account.update(Population.withHandle(head.state(), population.newHandle()), at);
        }
        if (draw < 75) {
            return population.move(account, at);
        }
        if (draw < 87) {
            List<SigningKey> keys = new ArrayList<>(head.keys());
            keys.set(0, population.newKey());
            return account.update(head, head.state(), List.copyOf(keys), weakest, at);
        }
        if (draw < 94) {
            return account.tombstone(head, weakest, at);
        }
        List<Draft> story = stories.recovery(random.nextInt(stories.count()), at, pace);
        plan(story.subList(1, story.size()));
        return story.get(0);
    }

    private void plan(List<Draft> story) {
        story.forEach(draft -> agenda.add(new Due(draft, planned++)));
    }
}
