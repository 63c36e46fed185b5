package dev.atmirror.sandbox;

import java.util.Locale;

/**
 * What is special about an account of a host. The first numbers of each host that behaves are special, one kind each;
 * of all others a few in a hundred are not active.
 */
enum AccountKind {
    MANY_POSTS(Standing.ACTIVE),
    EMPTY_REPO(Standing.ACTIVE),
    ODD_RECORDS(Standing.ACTIVE),
    TAKENDOWN(Standing.TAKENDOWN),
    SUSPENDED(Standing.SUSPENDED),
    DEACTIVATED(Standing.DEACTIVATED),
    INACTIVE(Standing.INACTIVE),
    DELETED(Standing.DELETED),
    DELETED_UNLISTED(Standing.GONE),
    DESYNCHRONIZED(Standing.DESYNCHRONIZED),
    THROTTLED(Standing.THROTTLED),
    QUARANTINED(Standing.QUARANTINED),
    /** Its document names the host, which never heard of it. */
    UNKNOWN_TO_HOST(Standing.NEVER_HEARD_OF),
    /** Moved to the next host; the one it left says deactivated. */
    MIGRATED(Standing.ACTIVE),
    /** Its document names the next host, and its repo is still active here only. */
    MOVED_IN_DIRECTORY_ONLY(Standing.ACTIVE),
    /** Its DID is tombstoned, and the host lists it as if nothing had happened. */
    TOMBSTONED_YET_LISTED(Standing.ACTIVE),
    /** Its document names a port at which nothing listens. */
    UNREACHABLE(Standing.ACTIVE),
    HANDLE_CHANGED(Standing.ACTIVE),
    /** Its document has another handle than the host, whose handleIsCorrect is therefore false. */
    HANDLE_DISPUTED(Standing.ACTIVE),
    /** Its host says that its handle is somebody else's. */
    HANDLE_ELSEWHERE(Standing.ACTIVE),
    ORDINARY(Standing.ACTIVE);

    /** How many numbers of each host are special. */
    static final int SPECIAL = values().length - 1;

    private static final Standing[] SELDOM = {
        Standing.TAKENDOWN, Standing.DEACTIVATED, Standing.DEACTIVATED, Standing.SUSPENDED, Standing.DELETED
    };
    private static final int PERCENT_INACTIVE = 3;
    private static final int SALT = 77;

    private final Standing first;

    AccountKind(Standing first) {
        this.first = first;
    }

    static AccountKind of(int number) {
        return number < SPECIAL ? values()[number] : ORDINARY;
    }

    /** How it stands with its first host at the start. @param key the account's own draw */
    Standing first(long key) {
        if (this == ORDINARY && Seeded.below(100, key, SALT) < PERCENT_INACTIVE) {
            return SELDOM[Seeded.below(SELDOM.length, key, SALT + 1)];
        }
        return first;
    }

    /** As summaries name it. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
