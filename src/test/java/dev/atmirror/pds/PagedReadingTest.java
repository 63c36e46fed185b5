package dev.atmirror.pds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atmirror.pds.PagedReading.Bounds;
import dev.atmirror.pds.PagedReading.End;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Issue 12, D5: the one rule by which lists end. */
class PagedReadingTest {
    private static final Bounds BOUNDS = new Bounds(5_000, 20);

    private final PagedReading reading = PagedReading.fromTheBeginning(BOUNDS);

    /** Reads until the end. @param cursor of a page by its number, from 1 on @param fresh entries on each page */
    private End read(PagedReading from, IntFunction<String> cursor, int fresh) {
        for (int page = 1; from.end().isEmpty(); page++) {
            from.turn(Optional.ofNullable(cursor.apply(page)), fresh);
        }
        return from.end().get();
    }

    @Test
    void page_withoutACursor_isTheLast() {
        assertThat(read(reading, page -> page == 3 ? null : "c" + page, 10)).isEqualTo(End.LAST_PAGE);
        assertThat(reading.pages()).isEqualTo(3);
        assertThat(reading.complaint()).isEmpty();
        assertThat(reading.end().get().isComplete()).isTrue();
    }

    @Test
    void page_thatIsEmptyWithACursor_isNotTheLast() {
        reading.turn(Optional.of("a"), 0);
        assertThat(reading.end()).isEmpty();
        assertThat(reading.cursor()).contains("a");
    }

    @Test
    void page_thatGivesTheCursorItWasAskedFor_endsTheListWithoutBlame() {
        reading.turn(Optional.of("a"), 10);
        reading.turn(Optional.of("a"), 10);
        assertThat(reading.end()).contains(End.SAME_CURSOR);
        assertThat(reading.complaint()).isEmpty();
        assertThat(reading.end().get().isComplete()).isFalse();
    }

    @Test
    void circle_ofTwoPages_endsAtTheThird() {
        assertThat(read(reading, page -> page % 2 == 0 ? "even" : "odd", 10)).isEqualTo(End.CIRCLE);
        assertThat(reading.pages()).isEqualTo(3);
        assertThat(reading.complaint().get()).contains("page 3").contains("circle");
    }

    @Test
    void circle_ofAThousandPages_endsWhereItCloses() {
        assertThat(read(reading, page -> "c" + page % 1_000, 10)).isEqualTo(End.CIRCLE);
        assertThat(reading.pages()).isEqualTo(1_001);
    }

    @Test
    void circle_thatBeginsAtTheStoredCursor_isSeen() {
        PagedReading later = PagedReading.goingOn(BOUNDS, "a", 7);
        later.turn(Optional.of("b"), 1);
        later.turn(Optional.of("a"), 1);
        assertThat(later.end()).contains(End.CIRCLE);
        assertThat(later.pages()).isEqualTo(9);
    }

    @Test
    void pages_withEverNewCursorsAndNothingNew_endAfterTwenty() {
        assertThat(read(reading, page -> "c" + page, 0)).isEqualTo(End.NOTHING_NEW);
        assertThat(reading.pages()).isEqualTo(20);
        assertThat(reading.complaint().get()).contains("20 pages");
    }

    @Test
    void pages_ofWhichSomeAreNew_goOn() {
        for (int page = 1; page < 100; page++) {
            reading.turn(Optional.of("c" + page), page % 20 == 0 ? 1 : 0);
            assertThat(reading.end()).as("page %s", page).isEmpty();
        }
    }

    @Test
    void pages_withoutEnd_endAtTheBoundInAll() {
        assertThat(read(reading, page -> "c" + page, 1)).isEqualTo(End.TOO_MANY_PAGES);
        assertThat(reading.pages()).isEqualTo(5_000);
        assertThat(read(PagedReading.goingOn(BOUNDS, "x", 4_990), page -> "c" + page, 1)).isEqualTo(End.TOO_MANY_PAGES);
    }
}
