package dev.atmirror.route;

import dev.atmirror.plc.Coverage;
import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.FileReading;
import dev.atmirror.plc.Handover;
import dev.atmirror.plc.PlcPage;
import dev.atmirror.plc.Position;
import dev.atmirror.plc.Times;
import dev.atmirror.plc.UnreadableLine;
import dev.atmirror.snapshot.RestoreSource;
import dev.atmirror.snapshot.RestoredPage;
import dev.atmirror.snapshot.RestoredPages;
import dev.atmirror.snapshot.SkippedLines;
import dev.atmirror.snapshot.SnapshotFailure;
import dev.atmirror.store.PlcLog;
import dev.atmirror.store.RestoreMarks;
import dev.atmirror.store.WriterLease;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bean {@code pagesRestore}: the steps of {@code routes/snapshot-restore-pages.camel.yaml}, for one file.
 *
 * <p>The upstream's cursor is set, and the file's own row removed, in one statement behind everything else: a crash before
 * leaves the row, behind which the next restore goes on; one after leaves nothing to do.
 */
public final class PagesRestore {
    private static final String BEFORE = "restore-from"; // sql/sync/restore-from.sql
    private static final int KEPT = 100; // unreadable lines, in rejected_operations
    private static final Logger LOG = LoggerFactory.getLogger(PagesRestore.class);

    private final Supplier<RestoreSource> sources;
    private final int pageSize;
    private final FileReading reading;
    private final PlcLog log;
    private final RestoreMarks marks;
    private final WriterLease lease;
    private final Handover handover;
    private final String host;
    private final Coverage coverage = new Coverage();

    private RestoreSource source;
    private RestoredPages pages;
    private Optional<RestoreMarks.Mark> before = Optional.empty();
    private long storedBefore;
    private Optional<String> content = Optional.empty();
    private volatile long rows;
    private boolean ended;
    private final SkippedLines skipped = new SkippedLines();
    private long kept;
    private volatile Optional<String> outcome = Optional.empty();

    /** @param upstream whose cursor is set in the end, and how to decide that */
    public record Upstream(String host, Handover handover) {}

    /**
     * @param sources opens the file
     * @param reading that the verified pages are noted in, too
     */
    public PagesRestore(Supplier<RestoreSource> sources, int pageSize, FileReading reading, Stores stores, Upstream upstream) {
        this.sources = sources;
        this.pageSize = pageSize;
        this.reading = reading;
        this.log = stores.log();
        this.marks = stores.marks();
        this.lease = stores.lease();
        this.handover = upstream.handover();
        this.host = upstream.host();
    }

    /** What of the storage takes part. */
    public record Stores(PlcLog log, RestoreMarks marks, WriterLease lease) {}

    /**
     * Leaves the parameters of {@code sql/sync/restore-from.sql}.
     *
     * @throws IllegalStateException while another process writes
     */
    public void begin(Exchange exchange) {
        if (!lease.isHeld()) {
            throw new IllegalStateException("a mirror is running on this database; stop it first");
        }
        source = sources.get();
        reading.open(source.identity());
        before = marks.find(reading.host());
        storedBefore = before.map(RestoreMarks.Mark::rows).orElse(0L);
        if (storedBefore > 0) {
            LOG.info("{} was restored up to row {} before; going on behind it", source.input().name(), storedBefore);
        }
        pages = source.pages().apply(pageSize);
        exchange.getMessage().setBody(Map.of("file", reading.host()));
    }

    public boolean hasNext() {
        return !ended;
    }

    /** The next page that is not stored yet; behind the last one an empty one. */
    public PlcPage next() throws IOException {
        while (true) {
            reading.check();
            RestoredPage page = pages.next().orElseGet(() -> {
                ended = true;
                return new RestoredPage(List.of(), List.of(), List.of(), rows, false, content);
            });
            checkSame(page);
            rows = page.rows();
            content = page.content();
            boolean beginning = coverage.first().isEmpty();
            coverage.add(page.operations(), page.unparsable());
            note(page);
            if (coverage.first().isEmpty() && !page.unparsable().isEmpty()) {
                throw new SnapshotFailure(source.input().name() + " holds no log: none of its first " + rows
                        + " lines or rows is an operation; nothing of it was restored");
            }
            if (beginning) {
                coverage.first().ifPresent(this::checkJoined);
            }
            if (ended || rows > storedBefore) {
                reading.readUpTo(content);
                return reading.page(page.operations(), kept(page.unparsable()), page.notes(), rows);
            }
        }
    }

    /** What was read before must be what is passed over now, or what was wrong then would never be read right. */
    private void checkSame(RestoredPage page) {
        boolean passesOver = rows < storedBefore && page.rows() >= storedBefore || ended && page.rows() < storedBefore;
        if (passesOver && !(page.rows() == storedBefore && page.content().equals(before.map(RestoreMarks.Mark::content)))) {
            marks.drop(reading.host());
            throw new SnapshotFailure(source.input().name() + " is not the file of which " + storedBefore
                    + " rows were restored before, or is read in other pages; the same command begins with its first row now");
        }
    }

    private void note(RestoredPage page) {
        page.unparsable().forEach(line -> skipped.add(source.input().name(), line.line()));
        if (page.cut()) {
            skipped.addCut(source.input().name(), rows);
        }
    }

    /** The file has them all; more than a few would fill the table with what nobody reads there. */
    private List<UnreadableLine> kept(List<UnreadableLine> lines) {
        int count = (int) Math.min(lines.size(), Math.max(0, KEPT - kept));
        kept += count;
        return lines.subList(0, count);
    }

    /** A recovery would be judged without what it undoes, where that lies in a gap. Into an empty database nothing can. */
    private void checkJoined(ExportedOperation first) {
        boolean empty = log.position(BEFORE, reading.host()).map(Position::seq).orElse(0L) == 0;
        if (!empty && !source.whole() && !handover.isJoined(log.position(host), first)) {
            throw new IllegalStateException(source.input().name() + " begins at " + Times.format(first.createdAt())
                    + (first.seq() > 0 ? ", seq " + first.seq() : "") + ", and it is not known that the database holds all of "
                    + host + " up to there; restore an export that begins earlier, as what is there is passed over");
        }
    }

    public void awaitStored() throws InterruptedException {
        reading.awaitStored();
    }

    /** @throws dev.atmirror.snapshot.SnapshotFailure where the file is not whole, not what its manifest says, or holds nothing */
    public void checkWhole() {
        if (coverage.first().isEmpty()) {
            throw new SnapshotFailure(source.input().name() + " holds no operation; nothing was restored");
        }
        source.input().checkWhole();
    }

    /** The parameters of {@code sql/sync/hand-over.sql}. */
    public void layOutHandover(Exchange exchange) {
        Handover.Decision decision = source.handsOver()
                ? handover.decide(log.position(host), coverage, source.whole())
                : Handover.Decision.stay("the cursors are set once the dump is through");
        outcome = Optional.of(decision.why());
        Map<String, Object> row = new HashMap<>();
        row.put("file", reading.host());
        row.put("host", host);
        row.put("kind", decision.position().map(at -> at.kind().name().toLowerCase(Locale.ROOT)).orElse(""));
        row.put("seq", decision.position().map(Position::seq).orElse(0L));
        row.put("time", decision.position().orElse(Position.START).time().toString());
        exchange.getMessage().setBody(row);
    }

    /** Lines of the file that could not be read; the cursor never moves over one. */
    public SkippedLines skipped() {
        return skipped;
    }

    /** Rows of the file read so far, those that were stored before included. */
    public long rows() {
        return rows;
    }

    /** Where reading the upstream goes on, for a person; empty as long as the restore is under way. */
    public Optional<String> outcome() {
        return outcome;
    }

    /** Ends the restore between two pages; what is stored stays. */
    public void stop() {
        reading.stop();
    }
}
