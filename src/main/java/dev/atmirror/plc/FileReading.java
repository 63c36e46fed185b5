package dev.atmirror.plc;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where reading a file's log stands.
 *
 * <p>Invariants: the row of a page is noted in the statement that stores it, so that whoever reads the file again goes on
 * behind what is stored; the first failure ends the reading, as a file that came by the network cannot be taken up again
 * in the middle.
 */
public final class FileReading implements Reading {
    public static final String STAGE = "restore";
    /** Some 30 MB. Notes beyond that are lost, which is no loss to the log. */
    private static final int MOST_NOTES = 100_000;

    private String file = "";
    private int epoch;
    private long pages;
    private long stored;
    private long rows;
    private Instant time = Instant.EPOCH;
    private boolean stopped;
    private Optional<String> present = Optional.empty();
    private final NavigableMap<Long, Optional<String>> contents = new TreeMap<>(); // of pages under way
    private final Map<String, OperationNote> notes = new HashMap<>();
    private Optional<String> failure = Optional.empty();

    /** To be called before the first page. @param file what tells it from others, and from later ones of its name */
    public synchronized void open(String file) {
        this.file = file;
    }

    /** What the file brings next. @param rows of the file up to here */
    public synchronized PlcPage page(
            List<ExportedOperation> operations, List<UnreadableLine> unparsable, List<OperationNote> notes, long rows) {
        for (ExportedOperation operation : operations) {
            time = operation.createdAt().isAfter(time) ? operation.createdAt() : time;
        }
        this.rows = rows;
        contents.put(pages + 1, present);
        Position next = new Position(Position.Kind.SEQ, rows, time);
        return new PlcPage(epoch, ++pages, operations, unparsable, false, next, notes, Optional.empty());
    }

    /** Notes what the pages from the next one on end with. @param content digest of all lines up to there */
    public synchronized void readUpTo(Optional<String> content) {
        present = content;
    }

    @Override
    public synchronized Optional<String> content(PlcPage page) {
        return contents.getOrDefault(page.number(), Optional.empty());
    }

    /** Of the file, up to the last page. */
    public synchronized long rows() {
        return rows;
    }

    /** For operations that are not in the log yet, and may get there. */
    public synchronized void keepNotes(Collection<OperationNote> more) {
        for (OperationNote note : more) {
            if (notes.size() < MOST_NOTES) {
                notes.put(note.cid(), note);
            }
        }
    }

    /** The kept ones of these operations. */
    public synchronized List<OperationNote> findNotes(List<ExportedOperation> operations) {
        return operations.stream().map(operation -> notes.get(operation.cid())).filter(Objects::nonNull).toList();
    }

    /** Begins a new epoch, when all that was read is stored: what follows is judged by what is stored. */
    public synchronized void nextEpoch() {
        check();
        epoch++;
        pages = 0;
        contents.clear();
        stored = 0;
    }

    /** Waits until all that was read is stored. @throws IllegalStateException where it never will be */
    public synchronized void awaitStored() throws InterruptedException {
        while (stored < pages && failure.isEmpty() && !stopped) {
            wait();
        }
        check();
    }

    /** @throws IllegalStateException where the reading is over before its time */
    public synchronized void check() {
        failure.ifPresent(why -> {
            throw new IllegalStateException(why + "; the same command goes on behind what is stored");
        });
        if (stopped) {
            throw new IllegalStateException("stopped; the same command goes on behind what is stored");
        }
    }

    /** Ends the reading from outside. What is under way may still be stored. */
    public synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    @Override
    public String stage() {
        return STAGE;
    }

    @Override
    public synchronized String host() {
        return file;
    }

    /** A file says the same whenever it is read. */
    @Override
    public boolean canAskAgain() {
        return false;
    }

    @Override
    public synchronized int epoch() {
        return epoch;
    }

    @Override
    public synchronized boolean isCurrent(PlcPage page) {
        return page.epoch() == epoch;
    }

    @Override
    public synchronized void stored(VerifiedPage page) {
        stored = page.page().number();
        contents.headMap(stored, true).clear();
        if (!page.page().notes().isEmpty()) {
            Set<String> rejected = page.rejected().stream().map(r -> r.operation().cid()).collect(Collectors.toSet());
            keepNotes(page.page().notes().stream().filter(note -> rejected.contains(note.cid())).toList());
        }
        notifyAll();
    }

    @Override
    public synchronized void startAgain(int newEpoch, String why) {
        epoch = newEpoch;
        failure = Optional.of(failure.orElse("a page could not be stored (" + why + ")"));
        notifyAll();
    }
}
