package dev.atmirror.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bean {@code handleRounds}: claims handles that are due, a batch at a time, as long as there is room for them.
 *
 * <p>Invariant: every batch that begins ends by {@link #end} or {@link #broken}, or its room would never be free again in this
 * process. A killed process leaves dates that come by themselves.
 */
public final class HandleRounds {
    static final String STAGE = "handles";
    private static final int BATCH = 200; // is saved in one statement, and asked again as a whole after a crash
    private static final Duration GIVEN_OUT = Duration.ofSeconds(10); // of a parent's pace, with one claim
    private static final Duration AHEAD = Duration.ofSeconds(5); // or its pace would rest between claims
    private static final Logger LOG = LoggerFactory.getLogger(HandleRounds.class);

    /**
     * How the stage runs.
     *
     * @param atOnce handles that are checked at the same time
     * @param perSecond requests a second to hosts under one parent
     * @param claim how long a claim holds: longer than any batch takes
     */
    public record Settings(int atOnce, int perSecond, Duration claim) {}

    private final Settings settings;
    private final HandlePace pace;
    private final BooleanSupplier mayBegin;
    private final Set<HandleBatch> batches = new HashSet<>();
    private int underWay;
    private boolean more;
    private boolean halted;

    /** @param mayBegin whether the log says what accounts declare now */
    public HandleRounds(Settings settings, HandlePace pace, BooleanSupplier mayBegin) {
        this.settings = settings;
        this.pace = pace;
        this.mayBegin = mayBegin;
    }

    /** The schedule has woken the stage. */
    public synchronized void start() {
        more = mayBegin.getAsBoolean();
    }

    /** Whether there may be more to claim. */
    public synchronized boolean wantsMore() {
        return more && !halted;
    }

    /** Whether there may be more to claim, and name servers to ask for it. */
    public boolean wantsHandles() {
        return wantsMore() && !pace.isDnsPaused();
    }

    /** Waits for room, and lays out the parameters of {@code sql/handle/claim.sql}. */
    public void askForHandles(Exchange exchange) throws InterruptedException {
        int room;
        synchronized (this) {
            while (underWay >= settings.atOnce() && !halted) {
                wait();
            }
            room = halted ? 0 : Math.min(BATCH, settings.atOnce() - underWay);
        }
        Map<String, Object> claim = new HashMap<>();
        claim.put("due", pace.now().toString());
        claim.put("batch", room);
        claim.put("parents", BATCH);
        claim.put("paused", pace.paused());
        claim.put("quota", Math.max(1, settings.perSecond() * GIVEN_OUT.toSeconds()));
        claim.put("spacing", 1.0 / settings.perSecond());
        claim.put("ahead", AHEAD.toSeconds());
        claim.put("lease", settings.claim().toSeconds());
        exchange.getMessage().setBody(claim);
    }

    /** Replaces the claimed rows by the batch, in a list, which is empty where nothing was due. */
    public void begin(Exchange exchange) {
        List<?> rows = exchange.getMessage().getBody(List.class);
        HandleBatch batch = batch(rows);
        long visited = ((Number) ((Map<?, ?>) rows.get(0)).get("visited")).longValue();
        synchronized (this) {
            more = !batch.tasks().isEmpty() || visited >= BATCH;
            if (!batch.tasks().isEmpty()) {
                batches.add(batch);
                underWay += batch.tasks().size();
            }
        }
        exchange.getMessage().setBody(batch.tasks().isEmpty() ? List.of() : List.of(batch));
    }

    HandleBatch batch(List<?> rows) {
        List<HandleTask> tasks = new ArrayList<>();
        for (Object row : rows) {
            if (((Map<?, ?>) row).get("account") != null) {
                tasks.add(new HandleTask(HandleTask.Claimed.of((Map<?, ?>) row, pace.now())));
            }
        }
        return new HandleBatch(tasks);
    }

    /** What was found is stored. */
    public void end(Exchange exchange) {
        HandleBatch.of(exchange).ifPresent(this::ended);
    }

    private synchronized void ended(HandleBatch batch) {
        if (batches.remove(batch)) {
            underWay -= batch.tasks().size();
            notifyAll();
        }
    }

    /** Our side failed: nothing is noted, and what was claimed is due again when its claim ends. */
    public void broken(Exchange exchange) {
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        LOG.warn("handles: a step failed ({}); what was claimed is claimed again", String.valueOf(cause));
        HandleBatch.of(exchange).ifPresent(batch -> {
            batch.broken(cause);
            ended(batch);
        });
    }

    Duration claim() {
        return settings.claim();
    }

    /** Handles that are being checked. */
    public synchronized int underWay() {
        return underWay;
    }

    /** Whether it is the stage's, and the stage is to end. */
    synchronized boolean isToStop(HandleBatch batch) {
        return halted && batches.contains(batch);
    }

    /** Ends the round behind what is under way, and begins none; or lets the next round begin. */
    public synchronized void halt(boolean on) {
        halted = on;
        notifyAll();
    }
}
