package dev.atmirror.route;

import dev.atmirror.pds.HostAnswer;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** One host while one stage asks it, in one or more lanes. The lanes agree here on whether to go on. */
final class HostVisit {
    /** As many failures in a row, each of another account, are the host's. */
    private static final int MOST_FAILURES = 3;

    /**
     * @param id of {@code pds_hosts}
     * @param failures visits in a row, of whatever stage, in which the host was not there
     * @param stageFailures visits of this stage that failed in a row while it was there
     * @param pass full lists begun
     * @param cursor within the present list
     * @param listPages read of the present list
     * @param named accounts that the log put down at the host
     */
    record Host(
            int id,
            String pds,
            String operator,
            int failures,
            int stageFailures,
            int pass,
            Optional<String> cursor,
            long listPages,
            long named) {
        /** Whether its operator is known to run others, too. */
        boolean isShared() {
            return !pds.endsWith("://" + operator);
        }
    }

    private final HostRounds rounds;
    private final Host host;
    private final Instant until;
    private int lanes;
    private int failuresInARow;
    private final Set<String> failedOn = new HashSet<>();
    private boolean answered;
    private boolean down;
    private boolean gone;
    private boolean postponed;
    private Optional<String> error = Optional.empty();
    private Optional<String> distrusted = Optional.empty();

    HostVisit(HostRounds rounds, Host host, int lanes, Instant until) {
        this.rounds = rounds;
        this.host = host;
        this.lanes = lanes;
        this.until = until;
    }

    HostRounds rounds() {
        return rounds;
    }

    Host host() {
        return host;
    }

    Instant until() {
        return until;
    }

    /** Takes note of how the host answers, whatever it says of an account. @param account that was asked for; empty for none */
    synchronized void note(HostAnswer answer, String account) {
        if (answer.failure().isPresent()) {
            HostAnswer.Failure failure = answer.failure().get();
            gone |= failure.wholeHost();
            if (failure.wholeHost()) {
                failed(failure.what(), true);
            } else {
                failedOn(account, failure.what());
            }
        } else if (!answer.isThrottled()) {
            answered = true;
        }
    }

    /** The answer was of use, so it is not the host that fails. */
    synchronized void succeeded() {
        failuresInARow = 0;
        failedOn.clear();
    }

    /** One account may fail many times, and is then to blame; several in a row are not. @param account empty for none */
    synchronized void failedOn(String account, String what) {
        if (account.isEmpty() || failedOn.add(account)) {
            failed(what, false);
        }
    }

    /** @param useless whether this stage need not ask on; else some failures in a row end it */
    synchronized void failed(String what, boolean useless) {
        failuresInARow++;
        if (useless || failuresInARow >= MOST_FAILURES) {
            down = true;
            error = Optional.of(what);
        }
    }

    /** The host refuses all accounts alike, which is not believed, in no lane. @param status that it says of them */
    synchronized void distrust(String status, String what) {
        distrusted = Optional.of(status);
        failed(what, true);
    }

    synchronized Optional<String> distrusted() {
        return distrusted;
    }

    /** The host is not there, or is no PDS: no stage need ask it. */
    synchronized void gone(String what) {
        gone = true;
        failed(what, true);
    }

    synchronized boolean isGone() {
        return gone;
    }

    /** There was no memory left for what the host has: it is visited again, but not at once. */
    synchronized void postpone() {
        postponed = true;
    }

    synchronized boolean isPostponed() {
        return postponed;
    }

    /** Ends the visit without blame, for all lanes. */
    synchronized void leaveIt() {
        down = true;
    }

    synchronized boolean isDown() {
        return down;
    }

    /** The visit ended since the host failed. */
    synchronized boolean hasFailed() {
        return down && error.isPresent();
    }

    synchronized boolean hasAnswered() {
        return answered;
    }

    /** Why the visit ended before its work was done. */
    synchronized Optional<String> error() {
        return error;
    }

    /** Whether all lanes have ended. */
    synchronized boolean isOver() {
        return lanes == 0;
    }

    /** @return whether it was the last */
    synchronized boolean leaveLane() {
        lanes--;
        return lanes == 0;
    }
}
