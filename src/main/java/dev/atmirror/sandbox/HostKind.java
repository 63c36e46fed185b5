package dev.atmirror.sandbox;

import java.util.Locale;

/** How a host behaves, its list of repos (see {@link Paging}) and its limit aside. */
enum HostKind {
    ORDINARY(true),
    /** Answers late. */
    SLOW(true),
    /** Documents name its port, and nothing listens there. */
    DEAD(false),
    /** Serves no account that a document names here; only a relay tells of it, and what it lists lives elsewhere. */
    UNNAMED(true),

    // From here on they lie or break. Those with true are right about their accounts all the same.
    /** Its list of repos never ends: ever new cursors and invented DIDs. */
    ENDLESS_LIST(true),
    /** Claims a hundred thousand collections for each repo. */
    MANY_COLLECTIONS(false),
    /** Bodies of hundreds of megabytes. */
    HUGE_BODY(false),
    /** A page of HTML with status 200. */
    HTML(false),
    /** JSON that ends in the middle. */
    TRUNCATED_JSON(false),
    REDIRECT_CIRCLE(false),
    /** Redirects to addresses that a crawler must not touch. */
    REDIRECT_PRIVATE(false),
    SERVER_ERROR(false),
    /** Status 500 for its first account, whatever is asked of it. */
    FAILS_FOR_ONE(true),
    /** A byte now and then, and no end. */
    TRICKLE(false),
    /** Takes the request, and that is all. */
    SILENT(false),
    /** Numbers where strings belong, and the other way round. */
    WRONG_TYPES(false);

    private final boolean truthful;

    HostKind(boolean truthful) {
        this.truthful = truthful;
    }

    /** Whether what it says of its accounts comes through and is true. */
    boolean truthful() {
        return truthful;
    }

    /** Whether its first accounts are of the special kinds, and whether accounts move here. */
    boolean behaves() {
        return this == ORDINARY || this == SLOW;
    }

    /** The liars in turn. */
    static HostKind lying(int number) {
        int liars = values().length - ENDLESS_LIST.ordinal();
        return values()[ENDLESS_LIST.ordinal() + number % liars];
    }

    /** As summaries name it. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
