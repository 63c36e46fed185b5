package dev.atmirror.plc;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * When everything that the upstream had was last stored. A page that reached the end of the log counts once it is
 * committed, with the time at which it was read; silence of a live stream counts when nothing is under way. Not thread-safe.
 */
final class LogHead {
    /** A page behind which nothing was left, not stored yet. */
    private record Read(long page, Instant at) {}

    private final Deque<Read> underWay = new ArrayDeque<>();
    private long stored;
    private Optional<Instant> last = Optional.empty();

    /** Takes note of a page behind which nothing is left to read. */
    void read(long page, Instant at) {
        underWay.add(new Read(page, at));
    }

    /** The page, and with it all before, is committed. */
    void stored(long page) {
        stored = page;
        while (!underWay.isEmpty() && underWay.peek().page() <= page) {
            last = Optional.of(underWay.remove().at());
        }
    }

    boolean isStored(long page) {
        return stored == page;
    }

    /** A live stream says nothing. @param page the last that was handed on */
    void silent(long page, Instant at) {
        if (isStored(page)) {
            last = Optional.of(at);
        }
    }

    /** What is under way is dropped. */
    void rewind() {
        underWay.clear();
        stored = 0;
    }

    /** The log begins anew, so nothing of before counts. */
    void forget() {
        rewind();
        last = Optional.empty();
    }

    Optional<Instant> last() {
        return last;
    }
}
