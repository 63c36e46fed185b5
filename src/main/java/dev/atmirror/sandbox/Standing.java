package dev.atmirror.sandbox;

import java.util.Locale;

/** How an account stands with one host: what listRepos says of it, and what the host answers when asked for its repo. */
enum Standing {
    ACTIVE(true, "", ""),
    /** Told by relays rather than by hosts; the repo is there. */
    DESYNCHRONIZED(false, "desynchronized", ""),
    THROTTLED(true, "throttled", ""),
    TAKENDOWN(false, "takendown", "RepoTakendown: Repo has been takendown: "),
    SUSPENDED(false, "suspended", "RepoSuspended: Repo has been suspended: "),
    DEACTIVATED(false, "deactivated", "RepoDeactivated: Repo has been deactivated: "),
    /** Inactive, and the host says no reason. */
    INACTIVE(false, "", "RepoDeactivated: Repo has been deactivated: "),
    /** Deleted, and still in the list. */
    DELETED(false, "deleted", "RepoNotFound: Could not find repo for DID: "),
    /** A status that no version of the protocol names: the set is open. */
    QUARANTINED(false, "quarantined", "InvalidRequest: Could not find repo: "),
    /** Deleted, and out of the list. */
    GONE(false, "deleted", "RepoNotFound: Could not find repo for DID: "),
    /** Only its document names the host. */
    NEVER_HEARD_OF(false, "", "NotFound: Repo not found: ");

    private final boolean active;
    private final String status;
    private final String refusal;

    Standing(boolean active, String status, String refusal) {
        this.active = active;
        this.status = status;
        this.refusal = refusal;
    }

    boolean active() {
        return active;
    }

    /** Of listRepos; empty for none. */
    String status() {
        return status;
    }

    boolean listed() {
        return this != GONE && this != NEVER_HEARD_OF;
    }

    boolean served() {
        return refusal.isEmpty();
    }

    /** The name of the error where the repo is not served. */
    String error() {
        return refusal.substring(0, refusal.indexOf(':'));
    }

    String complaint(String repo) {
        return refusal.substring(refusal.indexOf(' ') + 1) + repo;
    }

    /** As summaries name it. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
