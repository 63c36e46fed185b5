package dev.atmirror.route;

import dev.atmirror.handle.HandleResult;
import dev.atmirror.handle.HandleVerdict;
import dev.atmirror.handle.Recheck;
import dev.atmirror.net.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.camel.Exchange;

/** Bean {@code handleRows}: a batch of verdicts as a statement takes them, with the dates of the next checks. */
public final class HandleRows {
    private static final String NONE = "-"; // of results: nothing was learnt

    private final HandlePace pace;
    private final HandleLog log;
    private final HandleRounds rounds;
    private final Schedule schedule;

    /**
     * @param longest between two checks of what does not change
     * @param backoff between two tries where nobody answers
     * @param random used by several threads
     */
    public record Schedule(Duration longest, Backoff backoff, RandomGenerator random) {}

    public HandleRows(HandlePace pace, HandleLog log, HandleRounds rounds, Schedule schedule) {
        this.pace = pace;
        this.log = log;
        this.rounds = rounds;
        this.schedule = schedule;
    }

    /** Lays out the parameters of {@code sql/handle/claim-one.sql} for the account in the body. */
    public void askForOne(Exchange exchange) {
        exchange.getMessage().setBody(Map.of(
                "did", exchange.getMessage().getBody(String.class),
                "patterns", log.patterns(),
                "lease", rounds.claim().toSeconds()));
    }

    /** Replaces the one claimed row, or none, by its batch. */
    public void beginOne(Exchange exchange) {
        exchange.getMessage().setBody(rounds.batch(exchange.getMessage().getBody(List.class)));
    }

    /** Takes up the batch in the body, and puts its handles there. */
    public void open(Exchange exchange) {
        HandleBatch batch = exchange.getMessage().getBody(HandleBatch.class);
        batch.enter(exchange);
        exchange.getMessage().setBody(batch.tasks());
    }

    /** Lays out the parameters of {@code sql/handle/save.sql}. */
    public void layOut(Exchange exchange) {
        List<HandleTask> tasks = HandleBatch.of(exchange).orElseThrow().tasks();
        Instant now = pace.now();
        List<Recheck> rechecks = tasks.stream().map(task -> recheck(task, now)).toList();
        Map<String, Object> rows = new HashMap<>();
        rows.put("accounts", tasks.stream().mapToInt(task -> task.claimed().account()).toArray());
        rows.put("operations", tasks.stream().mapToLong(task -> task.claimed().operation()).toArray());
        rows.put("claims", column(tasks, task -> task.claimed().claim()));
        rows.put("results", column(tasks, task -> found(task, NONE, verdict -> Optional.of(verdict.result().letter() + ""))));
        rows.put("methods", column(tasks, task -> found(task, NONE, verdict -> verdict.method().map(name -> name.substring(0, 1)))));
        rows.put("pointsTo", column(tasks, task -> found(task, "", HandleVerdict::pointsTo)));
        rows.put("details", column(tasks, task -> found(task, "", HandleVerdict::detail)));
        rows.put("again", column(rechecks, recheck -> recheck.again().toString()));
        rows.put("fresh", rechecks.stream().map(Recheck::fresh).toArray(Boolean[]::new));
        exchange.getMessage().setBody(rows);
    }

    private static <T> String[] column(List<T> rows, Function<T, String> value) {
        return rows.stream().map(value).toArray(String[]::new);
    }

    private static String found(HandleTask task, String otherwise, Function<HandleVerdict, Optional<String>> part) {
        return task.verdict().flatMap(part).orElse(otherwise);
    }

    private Recheck recheck(HandleTask task, Instant now) {
        HandleTask.Claimed claimed = task.claimed();
        HandleVerdict verdict = task.verdict().orElse(null);
        if (verdict == null) {
            return Recheck.afterFailure(claimed.declared(), now, pace.untilAsked(claimed));
        }
        if (verdict.result() == HandleResult.UNREACHABLE) {
            return Recheck.afterFailure(claimed.declared(), now, schedule.backoff().next(claimed.failures() + 1));
        }
        double draw = schedule.random().nextDouble();
        return Recheck.of(verdict.result(), changed(claimed, verdict, now), now, schedule.longest(), draw);
    }

    /** The first answer for a handle of old is no change of its. */
    private static Instant changed(HandleTask.Claimed claimed, HandleVerdict verdict, Instant now) {
        if (claimed.before() == HandleResult.UNCHECKED || claimed.before() == HandleResult.UNREACHABLE) {
            return claimed.declared();
        }
        boolean same = claimed.before() == verdict.result() && claimed.pointedTo().equals(verdict.pointsTo().orElse(""));
        return same ? claimed.since() : now;
    }
}
