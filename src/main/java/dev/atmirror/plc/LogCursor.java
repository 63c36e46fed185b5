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
public final class LogCursor implements Reading {
    public static final String STAGE = "plc-logs";
    /** Pages this near to now hand over to the stream. */
    private static final Duration NEAR_REAL_TIME = Duration.ofMinutes(5);
    /** So often a question for sequence numbers is refused before times are asked for: one refusal may be a hiccup. */
    private static final int REFUSALS = 2;
    private static final Duration MILLISECOND = Duration.ofMillis(1); // the finest that a question can tell apart
    private static final int OUTDATED = -1; // no epoch has this number
    private static final Logger LOG = LoggerFactory.getLogger(LogCursor.class);

    private final PlcSettings settings;
    private final LogStore store;
    private final PlcMetrics metrics;
    private final InstantSource clock;

    private int epoch;
    private int askedEpoch;
    private Position.Kind asked = Position.Kind.UNKNOWN;
    private Instant askedAt = Instant.EPOCH;
    private long pages;
    private boolean loaded;
    private Position position = Position.START;
    private Instant from = Instant.EPOCH; // of the next request, for timestamp cursors
    private boolean unsettled; // this run has read where late commits may still appear
    private boolean behind = true;
    private boolean streaming;
    private boolean halted;
    private int refusals;
    private final DoubtfulLines doubtful;
    private boolean askingAgain; // lines that could not be read are due, so nothing else may be under way
    private Optional<UnreadablePlace> due = Optional.empty(); // to be asked for by the next question
    private Optional<UnreadablePlace> askedAgain = Optional.empty(); // was asked for by the last one
    private Optional<Instant> lastPoll = Optional.empty();
    private final LogHead head = new LogHead();
    private boolean announced;
    private Optional<Position> start = Optional.empty();

    public LogCursor(PlcSettings settings, LogStore store, PlcMetrics metrics, InstantSource clock) {
        this.settings = settings;
        this.store = store;
        this.metrics = metrics;
        this.clock = clock;
        this.doubtful = new DoubtfulLines(settings.pageSize());
    }

    /** Begins a run of pages, unless the stream is open. Reads the stored position where there is none in memory. */
    public synchronized void startRun() {
        if (!loaded) {
            position = start.or(() -> store.position(settings.address().key())).orElse(Position.START);
            loaded = true;
        }
        // Late commits appear behind the cursor, so each run reads the last stretch again.
        from = overlapping();
        unsettled = false;
        behind = !streaming;
    }

    private Instant overlapping() {
        Instant back = position.time().minus(settings.overlap());
        return back.isBefore(Instant.EPOCH) ? Instant.EPOCH : back;
    }

    /** For {@code --from}: where to begin instead of the stored position. */
    public synchronized void startFrom(Position where) {
        start = Optional.of(where);
        loaded = false;
    }

    /** Whether another page is to be fetched now. */
    public synchronized boolean isBehind() {
        return loaded && (behind || due.isPresent()) && !streaming && !halted;
    }

    /** The query of the next request for a page. */
    public synchronized String nextQuery() {
        askedEpoch = epoch;
        asked = position.kind();
        askedAt = clock.instant();
        askedAgain = due;
        due = Optional.empty(); // whatever comes of it, the next question is for what follows the cursor
        if (askedAgain.isPresent()) {
            return askedAgain.get().query(asked, settings.pageSize());
        }
        String after =
                switch (asked) {
                    case UNKNOWN -> "0"; // An integer: whoever understands it answers with sequence numbers.
                    case SEQ -> Long.toString(position.seq());
                    case TIME -> Times.format(from);
                };
        return "count=" + settings.pageSize() + "&after=" + after;
    }

    /** Reads the answer to {@link #nextQuery} and moves on behind it. */
    public synchronized PlcPage readPage(byte[] body) {
        if (askedEpoch != epoch || !loaded) {
            return outdated();
        }
        if (askedAgain.isPresent()) {
            return readAgain(ExportLines.ofFile(body), askedAgain.get()); // as bad as before is no failure
        }
        ExportLines lines = ExportLines.read(body);
        List<UnreadableLine> unparsable = doubtful.check(new Position(asked, position.seq(), from), lines);
        refusals = 0;
        metrics.lines(lines, unparsable.size());
        Position before = position;
        Instant fromBefore = from;
        boolean understood = advance(lines);
        boolean moved = position.seq() > before.seq() || position.kind() != before.kind() || from.isAfter(fromBefore);
        boolean nearNow = lines.lastTime().isAfter(clock.instant().minus(NEAR_REAL_TIME));
        boolean shortPage = lines.lines() < settings.pageSize() && !lines.lastLineBroken();
        behind = moved && !(understood && shortPage && nearNow);
        pages++;
        polled();
        if (!behind) {
            caughtUp();
        }
        List<UnreadableLine> bad = understood ? unparsable : List.of();
        return new PlcPage(epoch, pages, understood ? lines.operations() : List.of(), bad, !behind, position);
    }

    /** A page that nobody will store: it was asked for before a failure, or read after the stream's end. */
    private PlcPage outdated() {
        return new PlcPage(OUTDATED, 0, List.of(), List.of(), false, position);
    }

    /** The cursor stays: these lines stand before it. */
    private PlcPage readAgain(ExportLines lines, UnreadablePlace place) {
        polled();
        // What was the last line of the log may be gone.
        boolean gone = lines.lines() == 0 && position.kind() == Position.Kind.SEQ && position.seq() == place.seq();
        List<Long> read = gone || place.isReadable(asked, lines) ? place.rows() : List.of();
        return new PlcPage(
                epoch, ++pages, lines.operations(), List.of(), false, position, List.of(), Optional.of(new PlcPage.Reread(place.rows(), read)));
    }

    /**
     * Makes room for asking again for lines that could not be read: the stream ends, and none opens as long as any are due.
     *
     * @param due whether any are
     * @return whether nothing is under way between reading and storing, so that {@link #askAgain} may follow
     */
    public synchronized boolean makeRoom(boolean due) {
        askingAgain = due;
        return due && loaded && !streaming && !halted && head.isStored(pages);
    }

    public synchronized void askAgain(UnreadablePlace place) {
        due = Optional.of(place);
    }

    /**
     * The page of lines asked for again, with other operations in it, as one of the present epoch.
     *
     * @param notes on these, to be stored with them
     */
    public synchronized PlcPage rejudged(PlcPage page, List<ExportedOperation> operations, List<OperationNote> notes) {
        long number = isCurrent(page) ? page.number() : ++pages;
        return new PlcPage(epoch, number, operations, List.of(), false, position, notes, page.reread());
    }

    /**
     * Moves the position behind these lines, skipped ones included.
     *
     * @return false when an upstream was asked for sequence numbers and has none: these lines answer a question that it
     *     did not understand, and reading goes on by time
     */
    private boolean advance(ExportLines lines) {
        if (lines.lastSeq() == 0 && lines.lastTime().equals(Instant.EPOCH)) {
            return true; // nothing but blank lines
        }
        if (asked == Position.Kind.TIME) {
            advanceByTime(lines);
            return true;
        }
        if (lines.lastSeq() == 0) {
            readByTime();
            return false;
        }
        advanceBySeq(lines);
        return true;
    }

    private void advanceBySeq(ExportLines lines) {
        if (position.kind() != Position.Kind.SEQ) {
            LOG.info("{} answers with sequence cursors", settings.address().key());
        }
        Instant time = lines.lastTime().isAfter(position.time()) ? lines.lastTime() : position.time();
        position = new Position(Position.Kind.SEQ, Math.max(position.seq(), lines.lastSeq()), time);
    }

    private void readByTime() {
        LOG.info("{} answers with timestamp cursors", settings.address().key());
        position = new Position(Position.Kind.TIME, position.seq(), position.time());
        from = overlapping();
        unsettled = false;
        refusals = 0;
    }

    /**
     * From now on by sequence numbers, where the upstream was read by time.
     *
     * @param sought the epoch in which the number was sought: after a failure less may be stored than was read
     * @param seq behind which nothing is read yet, or what is read comes again
     * @return whether it is so now
     */
    synchronized boolean readByNumber(int sought, long seq) {
        if (sought != epoch || !loaded || position.kind() != Position.Kind.TIME) {
            return false;
        }
        position = new Position(Position.Kind.SEQ, seq, position.time());
        return true;
    }

    private void advanceByTime(ExportLines lines) {
        Instant last = lines.lastTime();
        // One step back: operations that share a millisecond may straddle the border of two pages. A page that holds
        // nothing but one millisecond is stepped over, or it would come for ever.
        Instant tie = last.minus(MILLISECOND);
        if (tie.isAfter(from)) {
            from = tie;
        } else if (lines.lines() >= settings.pageSize()) {
            LOG.warn("a whole page of {} shares the millisecond {}; what else it holds is out of a timestamp's reach",
                    settings.address().key(), last);
            from = last.isAfter(from) ? last : from.plus(MILLISECOND);
        } else if (last.isAfter(from)) {
            from = last;
        }
        // Once a run has read into the stretch where late commits appear, the next run must begin before that stretch,
        // however far this one still gets.
        if (!unsettled) {
            position = new Position(
                    Position.Kind.TIME, position.seq(), last.isAfter(position.time()) ? last : position.time());
            unsettled = last.isAfter(askedAt.minus(settings.overlap()));
        }
    }

    /** The upstream refused the question (status 400). Where that was for sequence numbers, it may know times only. */
    public synchronized void refused() {
        if (asked != Position.Kind.TIME && position.kind() == asked && ++refusals >= REFUSALS) {
            readByTime();
        }
    }

    /** Takes messages of the stream, which are lines of the sequenced format. */
    public synchronized PlcPage readMessages(StreamBatch batch) {
        if (!isStreaming(batch.epoch())) {
            return outdated();
        }
        pages++;
        polled();
        head.read(pages, clock.instant());
        ExportLines lines = ExportLines.of(batch.messages());
        List<UnreadableLine> unparsable = DoubtfulLines.located(position, lines);
        metrics.lines(lines, unparsable.size());
        if (lines.lastSeq() > position.seq()) {
            advanceBySeq(lines);
        }
        return new PlcPage(epoch, pages, lines.operations(), unparsable, true, position);
    }

    /** Whether the stream that was opened in this epoch is still to be followed. */
    synchronized boolean isStreaming(int openedIn) {
        return streaming && loaded && !halted && !askingAgain && openedIn == epoch;
    }

    /** @param epoch in which the stream is opened @param seq where it begins */
    record StreamStart(int epoch, long seq) {}

    /** @return where the stream may begin, when pages have caught up with a sequenced log and nothing else is reading */
    synchronized Optional<StreamStart> openStream() {
        if (!loaded || streaming || behind || halted || askingAgain || position.kind() != Position.Kind.SEQ) {
            return Optional.empty();
        }
        streaming = true;
        return Optional.of(new StreamStart(epoch, position.seq()));
    }

    synchronized void closeStream() {
        streaming = false;
    }

    /** The cursor belongs to another log: the upstream began anew. Reading all of it again is safe, as nothing is stored twice. */
    public synchronized void readAllAgain() {
        LOG.warn("{} does not know our cursor {}; reading its log from the beginning", settings.address().key(), position.seq());
        position = new Position(Position.Kind.SEQ, 0, position.time());
        behind = true;
        head.forget();
    }

    @Override
    public String stage() {
        return STAGE;
    }

    @Override
    public String host() { // the key of its row
        return settings.address().key();
    }

    @Override
    public boolean canAskAgain() {
        return true;
    }

    @Override
    public Optional<String> content(PlcPage page) {
        return Optional.empty();
    }

    @Override
    public void startAgain(int newEpoch, String why) {
        LOG.warn("a page could not be stored ({}); reading again from the stored cursor", why);
        rewind(newEpoch);
    }

    /** What is under way is dropped, and reading begins again from what is stored. */
    public synchronized void rewind(int newEpoch) {
        epoch = newEpoch;
        pages = 0;
        head.rewind();
        doubtful.forget();
        loaded = false;
        behind = true;
    }

    /** Called when the stages are switched off or the program stops: the running loop ends after its step. */
    public synchronized void halt(boolean stop) {
        halted = stop;
    }

    @Override
    public synchronized int epoch() {
        return epoch;
    }

    @Override
    public synchronized boolean isCurrent(PlcPage page) {
        return page.epoch() == epoch;
    }

    /** With the position, {@link #startFrom} has had its effect. */
    @Override
    public synchronized void stored(VerifiedPage page) {
        if (isCurrent(page.page())) {
            start = Optional.empty();
            head.stored(page.page().number());
        }
    }

    /** The upstream answered, with whatever: a quiet log is not a stale mirror. */
    public synchronized void polled() {
        lastPoll = Optional.of(clock.instant());
        if (streaming && loaded) {
            head.silent(pages, clock.instant());
        }
    }

    private void caughtUp() {
        head.read(pages, clock.instant());
        if (!announced) {
            announced = true;
            LOG.info("caught up with {} at {}", settings.address().key(), position.seq() > 0 ? position.seq() : position.time());
        }
    }

    /** What is read and known of the upstream, for readiness and status. */
    public synchronized Standing standing() {
        return new Standing(settings.address().key(), position, streaming, behind, lastPoll, head.last());
    }

    /**
     * @param lastPoll last time the upstream answered
     * @param lastAtHead when all that it had was last stored, be it by pages or by the stream; empty before the first time
     */
    public record Standing(
            String host,
            Position position,
            boolean streaming,
            boolean behind,
            Optional<Instant> lastPoll,
            Optional<Instant> lastAtHead) {}
}
