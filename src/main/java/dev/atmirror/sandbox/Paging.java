package dev.atmirror.sandbox;

import java.util.Locale;

/** The manners of listRepos with its cursor that are seen in the network; hosts have them in turn. */
enum Paging {
    /** As the reference host: a cursor wherever there are repos, and then an empty page without one. */
    REFERENCE,
    /** No cursor on the last page, which has repos. */
    ENDS_WITH_REPOS,
    /** After each page with repos an empty one with a cursor. */
    EMPTY_PAGES,
    /** At the end the same page again and again, whose cursor is the one that was sent. */
    REPEATS,
    /** Fewer repos than asked for, and not the end. */
    SHORT_PAGES,
    /** Neither {@code active} nor {@code status}. */
    BARE,
    /** {@code "cursor": ""} at the end. */
    EMPTY_CURSOR,
    /** {@code "cursor": null} at the end. */
    NULL_CURSOR;

    static Paging of(int host) {
        return values()[host % values().length];
    }

    /** As summaries name it. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
