package dev.atmirror.route;

import dev.atmirror.plc.DidLog;
import dev.atmirror.plc.ExportedOperation;
import dev.atmirror.plc.LogCursor;
import dev.atmirror.plc.OperationNote;
import dev.atmirror.plc.PlcPage;
import dev.atmirror.plc.Rejudging;
import dev.atmirror.store.DisorderedLogs;
import dev.atmirror.store.PlcLog;
import dev.atmirror.store.UnreadableLines;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bean {@code rereading}: asks an upstream again for lines that could not be read, and judges again what builds on them
 * (src/RATIONALE.md#lines-that-cannot-be-read).
 *
 * <p>Invariant: nothing is under way between reading and storing while {@link #judgeAgain} looks at what is stored and takes
 * back what is wrong; {@link LogCursor#makeRoom} sees to that, and pages come from this one thread until the next run.
 */
public final class Rereading {
    private static final Logger LOG = LoggerFactory.getLogger(Rereading.class);

    private final LogCursor cursor;
    private final UnreadableLines lines;
    private final StoredPages pages;
    private final Stored stored;
    private final Rejudging rejudging;
    private final boolean trusting;

    /** What is stored of accounts. @param disordered takes logs back, under the name of an upstream */
    public record Stored(PlcLog log, DisorderedLogs disordered) {}

    /** @param trusting takes nothing back, as no signature would tell right from wrong */
    public Rereading(LogCursor cursor, UnreadableLines lines, StoredPages pages, Stored stored, boolean trusting) {
        this.cursor = cursor;
        this.lines = lines;
        this.pages = pages;
        this.stored = stored;
        this.trusting = trusting;
        this.rejudging = new Rejudging(1); // a handful of operations
    }

    /** Has the place that is due the longest asked for next, once nothing else is under way. */
    public void begin() {
        if (cursor.makeRoom(lines.isDue(cursor.host()))) {
            lines.claim(cursor.host()).ifPresent(cursor::askAgain);
        }
    }

    /** Adds to lines that were asked for again what was kept out of the logs of their accounts; leaves all other pages. */
    public PlcPage judgeAgain(PlcPage page) {
        if (page.reread().isEmpty() || !cursor.isCurrent(page)) {
            return page;
        }
        List<Long> read = page.reread().get().read();
        LOG.info(read.isEmpty() ? "a line that could not be read still cannot; it is asked for again later"
                : "{} lines that could not be read before are readable now", read.size());
        Map<String, DidLog> logs = stored.log().logs(page.operations().stream().map(ExportedOperation::did).collect(Collectors.toSet()));
        List<ExportedOperation> late = page.operations().stream()
                .filter(operation -> !logs.containsKey(operation.did()) || !logs.get(operation.did()).contains(operation.cid()))
                .toList();
        if (late.isEmpty()) {
            return cursor.rejudged(page, List.of(), List.of());
        }
        Set<String> dids = late.stream().map(ExportedOperation::did).collect(Collectors.toCollection(TreeSet::new));
        List<ExportedOperation> rejected = lines.findRejected(dids);
        Optional<List<OperationNote>> notes =
                trusting ? Optional.empty() : takeBack(dids, late, rejected, page.reread().get().asked());
        if (notes.isPresent()) {
            rejected = lines.findRejected(dids);
        }
        return cursor.rejudged(page, inOrder(late, rejected), notes.orElse(List.of()));
    }

    /** In the order of time, in which an operation follows the one that it builds on. */
    private static List<ExportedOperation> inOrder(List<ExportedOperation> late, List<ExportedOperation> rejected) {
        List<ExportedOperation> all = new ArrayList<>(late);
        all.addAll(rejected);
        all.sort(Comparator.comparing(ExportedOperation::createdAt));
        return all;
    }

    /**
     * Takes logs out of the log in which a later operation was judged without the late one, where that made it wrong.
     *
     * @return the notes on what was taken out, which go with it; empty where nothing was
     */
    private Optional<List<OperationNote>> takeBack(
            Set<String> dids, List<ExportedOperation> late, List<ExportedOperation> rejected, List<Long> asked) {
        Map<String, Rejudging.Log> logs = new TreeMap<>();
        for (String did : dids) {
            List<ExportedOperation> others = inOrder(late, rejected).stream()
                    .filter(operation -> operation.did().equals(did))
                    .toList();
            logs.put(did, new Rejudging.Log(stored.disordered().stored(did), others));
        }
        Set<String> wrong = rejudging.findWrong(logs);
        if (wrong.isEmpty()) {
            return Optional.empty();
        }
        LOG.info("{} logs were judged without an operation that could not be read; judging them again", wrong.size());
        lines.makeDue(asked); // a crash behind the next statement would leave the accounts out until then
        List<OperationNote> notes = stored.disordered().takeBack(wrong.stream().map(did -> logs.get(did).stored()).toList());
        int epoch = cursor.epoch() + 1;
        pages.forget(epoch);
        cursor.rewind(epoch);
        return Optional.of(notes);
    }
}
