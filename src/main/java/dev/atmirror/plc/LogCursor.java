package dev.atmirror.plc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where reading the upstream's log stands, ahead of what is stored.
 *
 * <p>Invariants: pages and stream share this one position and never read at the same time; every page carries the
 * position that becomes the stored one once its operations are committed, in the same transaction; after any failure
 * {@link #rewind} ends the epoch, pages under way are dropped, and reading begins again from what is stored. A crash
 * therefore repeats a page and never skips one; a repeated operation is found by its CID and not stored twice.
 */
public final class LogCursor {
    /** Pages this near to now hand over to the stream. */
    private static final Duration NEAR_REAL_TIME = Duration.ofMinutes(5);
    /** So often a page with an unreadable line is asked for again, as a cut is likelier than bad data. */
    private static final int UNPARSABLE_RETRIES = 3;

    private static final Duration TIE = Duration.ofMillis(1);
    private static final Logger LOG = LoggerFactory.getLogger(LogCursor.class);

    private final PlcSettings settings;
    private final LogStore store;
    private final PlcMetrics metrics;
    private final InstantSource clock;

    private int epoch;
    private int askedEpoch;
    private long pages;
    private boolean loaded;
    private Position position = Position.START;
    private Instant from = Instant.EPOCH; // of the next request, for timestamp cursors
    private boolean behind = true;
    private boolean streaming;
    private boolean halted;
    private int badAttempts;
    private Optional<Instant> lastPoll = Optional.empty();
    private Optional<Instant> caughtUpAt = Optional.empty();
    private Optional<Position> start = Optional.empty();

    public LogCursor(PlcSettings settings, LogStore store, PlcMetrics metrics, InstantSource clock) {
        this.settings = settings;
        this.store = store;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Begins a run of pages, unless the stream is open. Reads the stored position where there is none in memory. */
    public synchronized void startRun() {
        if (!loaded) {
            position = start.or(() -> store.position(settings.host())).orElse(Position.START);
            loaded = true;
        }
        // Late commits appear behind the cursor, so each run reads the last stretch again.
        from = position.time().equals(Instant.EPOCH) ? Instant.EPOCH : position.time().minus(settings.overlap());
        behind = !streaming;
    }

    /** For {@code --from}: where to begin instead of the stored position. */
    public synchronized void startFrom(Position where) {
        start = Optional.of(where);
        loaded = false;
    }

    /** Whether another page is to be fetched now. */
    public synchronized boolean isBehind() {
        return loaded && behind && !streaming && !halted;
    }

    /** The query of the next request for a page. */
    public synchronized String nextQuery() {
        askedEpoch = epoch;
        String after =
                switch (position.kind()) {
                    case UNKNOWN -> "0"; // An integer: whoever understands it answers with sequence numbers.
                    case SEQ -> Long.toString(position.seq());
                    case TIME -> from.equals(Instant.EPOCH) ? Times.format(Instant.EPOCH) : Times.format(from);
                };
        return "count=" + settings.pageSize() + "&after=" + after;
    }

    /** Reads the answer to {@link #nextQuery} and moves on behind it. */
    public synchronized PlcPage readPage(byte[] body) {
        if (askedEpoch != epoch || !loaded) {
            return new PlcPage(askedEpoch, 0, List.of(), List.of(), false, position); // Asked before a failure: outdated.
        }
        ExportLines lines = ExportLines.read(body);
        refuseDoubtful(lines);
        count(lines);
        Position before = position;
        Instant fromBefore = from;
        boolean resumedByTime = advance(lines.operations());
        boolean moved = position.seq() > before.seq()
                || position.kind() != before.kind()
                || position.kind() == Position.Kind.TIME && from.isAfter(fromBefore);
        boolean nearNow = position.time().isAfter(clock.instant().minus(NEAR_REAL_TIME));
        boolean shortPage = lines.lines() < settings.pageSize() && !lines.lastLineBroken();
        behind = moved && !(shortPage && nearNow);
        polled();
        if (!behind) {
            caughtUp();
        }
        List<ExportedOperation> operations = resumedByTime ? List.of() : lines.operations();
        return new PlcPage(epoch, ++pages, operations, lines.unparsable(), !behind, position);
    }

    private void refuseDoubtful(ExportLines lines) {
        boolean doubtful = !lines.unparsable().isEmpty()
                || lines.lastLineBroken() && lines.operations().isEmpty();
        if (doubtful && badAttempts++ < UNPARSABLE_RETRIES) {
            throw new UpstreamFailure("unparsable", "a line that is no JSON; asking for the page again");
        }
        badAttempts = 0;
        if (!lines.unparsable().isEmpty()) {
            LOG.warn("{} lines are no operations even when asked for again; kept as rejected and passed over",
                    lines.unparsable().size());
        }
    }

    private void count(ExportLines lines) {
        metrics.lines("blank", lines.blank());
        metrics.lines("unknown_type", lines.unknownTypes());
        metrics.lines("unparsable", lines.unparsable().size());
        metrics.lines("cut", lines.lastLineBroken() ? 1 : 0);
    }

    /**
     * Moves the position behind these operations.
     *
     * @return true when an upstream that had sequence numbers has lost them: these operations answer a question that it
     *     did not understand, and reading resumes by time
     */
    private boolean advance(List<ExportedOperation> operations) {
        if (operations.isEmpty()) {
            return false;
        }
        long seq = position.seq();
        Instant time = position.time();
        Instant pageTime = Instant.EPOCH;
        boolean sequenced = false;
        for (ExportedOperation operation : operations) {
            sequenced |= operation.seq() > 0;
            seq = Math.max(seq, operation.seq());
            pageTime = operation.createdAt().isAfter(pageTime) ? operation.createdAt() : pageTime;
        }
        time = pageTime.isAfter(time) ? pageTime : time;
        Position.Kind kind = sequenced ? Position.Kind.SEQ : Position.Kind.TIME;
        if (kind != position.kind()) {
            LOG.info("{} answers with {} cursors", settings.host(), sequenced ? "sequence" : "timestamp");
        }
        if (!sequenced && position.kind() == Position.Kind.SEQ) {
            from = position.time().minus(settings.overlap());
            position = new Position(kind, position.seq(), position.time());
            return true;
        }
        if (!sequenced) {
            // One step back: operations that share a millisecond may straddle the border of two pages. A page that
            // holds nothing but one millisecond is stepped over, or it would come for ever.
            Instant tie = pageTime.minus(TIE);
            from = tie.isAfter(from) ? tie : operations.size() >= settings.pageSize() ? pageTime : from;
        }
        position = new Position(kind, seq, time);
        return false;
    }

    /** The upstream refused the question for sequence numbers (status 400): it knows times only. */
    public synchronized void refused() {
        if (position.kind() == Position.Kind.UNKNOWN) {
            position = new Position(Position.Kind.TIME, 0, position.time());
        }
    }

    /** Takes messages of the stream, which are lines of the sequenced format. */
    public synchronized PlcPage readMessages(StreamBatch batch) {
        if (batch.epoch() != epoch) {
            return new PlcPage(batch.epoch(), 0, List.of(), List.of(), false, position);
        }
        polled();
        String body = String.join("\n", batch.messages()) + "\n";
        ExportLines lines = ExportLines.read(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        count(lines);
        advance(lines.operations());
        return new PlcPage(epoch, ++pages, lines.operations(), lines.unparsable(), true, position);
    }

    /** @return where the stream may begin, when pages have caught up with a sequenced log and nothing else is reading */
    public synchronized Optional<Position> openStream() {
        if (!loaded || streaming || behind || halted || position.kind() != Position.Kind.SEQ) {
            return Optional.empty();
        }
        streaming = true;
        return Optional.of(position);
    }

    public synchronized void closeStream() {
        streaming = false;
    }

    /** The cursor belongs to another log: the upstream began anew. Reading all of it again is safe, as nothing is stored twice. */
    public synchronized void readAllAgain() {
        LOG.warn("{} does not know our cursor {}; reading its log from the beginning", settings.host(), position.seq());
        position = new Position(Position.Kind.SEQ, 0, position.time());
        behind = true;
        caughtUpAt = Optional.empty();
    }

    /** Something failed after reading: what is under way is dropped, and reading begins again from what is stored. */
    public synchronized void rewind(int newEpoch) {
        epoch = newEpoch;
        pages = 0;
        loaded = false;
        behind = true;
    }

    /** Called when the stages are switched off or the program stops: the running loop ends after its step. */
    public synchronized void halt(boolean stop) {
        halted = stop;
    }

    public synchronized int epoch() {
        return epoch;
    }

    public synchronized boolean isCurrent(PlcPage page) {
        return page.epoch() == epoch;
    }

    /** The upstream answered, with whatever: a quiet log is not a stale mirror. */
    public synchronized void polled() {
        lastPoll = Optional.of(clock.instant());
    }

    private void caughtUp() {
        if (caughtUpAt.isEmpty()) {
            LOG.info("caught up with {} at {}", settings.host(), position.seq() > 0 ? position.seq() : position.time());
        }
        caughtUpAt = Optional.of(clock.instant());
    }

    /** What is read and known of the upstream, for readiness and status. */
    public synchronized Standing standing() {
        return new Standing(settings.host(), position, streaming, behind, lastPoll, caughtUpAt);
    }

    /**
     * @param lastPoll last time the upstream answered
     * @param caughtUpAt last time everything it had was read; empty before the first time
     */
    public record Standing(
            String host,
            Position position,
            boolean streaming,
            boolean behind,
            Optional<Instant> lastPoll,
            Optional<Instant> caughtUpAt) {}
}
