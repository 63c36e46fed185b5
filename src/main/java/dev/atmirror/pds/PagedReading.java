package dev.atmirror.pds;

import java.util.Arrays;
import java.util.Optional;

/**
 * Decides where a list that is read page by page ends; the one rule for every list of a stranger.
 *
 * <p>A page without a cursor is the last, whether or not it is empty. A page that gives the cursor it was asked for is the
 * last, too: some hosts end so. Any other cursor that was given before leads in a circle, so the reading ends there, as it
 * does after some pages in a row that name nothing new, and after so many pages in all.
 *
 * <p>The caller says after each page how many of its entries are new to this reading. Not thread-safe. Memory is bounded:
 * of each of the last {@value #REMEMBERED} cursors eight bytes are kept; a longer circle ends by the other bounds.
 */
public final class PagedReading {
    private static final int REMEMBERED = 1024;
    private static final int FIRST_ROOM = 8; // most lists are a few pages

    /**
     * @param pages in all
     * @param barren pages in a row that name nothing new
     */
    public record Bounds(long pages, int barren) {}

    /** Why a reading ended. */
    public enum End {
        LAST_PAGE,
        /** The page gave the cursor that it was asked for: the list ends, but perhaps not all of it was seen. */
        SAME_CURSOR,
        CIRCLE,
        NOTHING_NEW,
        TOO_MANY_PAGES;

        /** Whether the list was read to its end. */
        public boolean isComplete() {
            return this == LAST_PAGE;
        }

        /** Whether the host gives a list that does not end. */
        public boolean isEndless() {
            return this != LAST_PAGE && this != SAME_CURSOR;
        }
    }

    private final Bounds bounds;
    private Optional<String> cursor;
    private long pages;
    private int barren;
    private long[] seen = new long[FIRST_ROOM];
    private long noted;
    private Optional<End> end = Optional.empty();

    private PagedReading(Bounds bounds, Optional<String> cursor, long pages) {
        this.bounds = bounds;
        this.cursor = cursor;
        this.pages = pages;
        cursor.ifPresent(this::remember);
    }

    /** A reading from the list's beginning. */
    public static PagedReading fromTheBeginning(Bounds bounds) {
        return new PagedReading(bounds, Optional.empty(), 0);
    }

    /** A reading that goes on where an earlier one stopped. @param pages read by then */
    public static PagedReading goingOn(Bounds bounds, String cursor, long pages) {
        return new PagedReading(bounds, Optional.of(cursor), pages);
    }

    /**
     * Takes note of a page.
     *
     * @param next its cursor
     * @param fresh how many of its entries no earlier page of this reading named
     */
    public void turn(Optional<String> next, long fresh) {
        pages++;
        barren = fresh > 0 ? 0 : barren + 1;
        end = judge(next);
        if (end.isEmpty()) {
            next.ifPresent(this::remember);
        }
        cursor = next;
    }

    private Optional<End> judge(Optional<String> next) {
        if (next.isEmpty()) {
            return Optional.of(End.LAST_PAGE);
        }
        if (next.equals(cursor)) {
            return Optional.of(End.SAME_CURSOR);
        }
        if (wasGiven(next.get())) {
            return Optional.of(End.CIRCLE);
        }
        if (barren >= bounds.barren()) {
            return Optional.of(End.NOTHING_NEW);
        }
        return pages >= bounds.pages() ? Optional.of(End.TOO_MANY_PAGES) : Optional.empty();
    }

    private boolean wasGiven(String next) {
        long print = Fingerprint.of(next);
        return Arrays.stream(seen, 0, (int) Math.min(noted, seen.length)).anyMatch(each -> each == print);
    }

    private void remember(String given) {
        if (noted == seen.length && seen.length < REMEMBERED) {
            seen = Arrays.copyOf(seen, seen.length * 2);
        }
        seen[(int) (noted % seen.length)] = Fingerprint.of(given);
        noted++;
    }

    /** The cursor of the next request; empty for the first one. */
    public Optional<String> cursor() {
        return cursor;
    }

    /** Pages read so far, those of an earlier reading that this one continues included. */
    public long pages() {
        return pages;
    }

    /** Empty while there are more pages to ask for. */
    public Optional<End> end() {
        return end;
    }

    /** Why the reading ended, for a person; empty where the list simply ended, and while there is more. */
    public Optional<String> complaint() {
        return end.filter(End::isEndless).map(why -> switch (why) {
            case CIRCLE -> "the cursor of page " + pages + " was given before, so that its pages go round in a circle";
            case NOTHING_NEW -> bounds.barren() + " pages in a row named nothing new, and still there was a cursor";
            default -> "after " + pages + " pages there was still a cursor";
        });
    }
}
