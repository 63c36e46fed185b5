package dev.atmirror.route;

import dev.atmirror.pds.HostAnswer;
import java.time.Instant;
import java.util.Optional;

/** One host while one stage asks it, in one or more lanes. The lanes agree here on whether to go on. */
final class HostVisit {
    /** As many failures in a row, of whatever accounts, are the host's. */
    private static final int FAILURES_OF_A_HOST = 3;

    /**
     * @param id of {@code pds_hosts}
     * @param failures visits that failed in a row before this one
     * @param pass full lists begun
     * @param cursor within the present list
     */
    record Host(int id, String pds, String operator, int failures, int pass, Optional<String> cursor) {
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
    private boolean answered;
    private boolean down;
    private Optional<String> error = Optional.empty();

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

    /** Takes note of how the host answers, whatever it says of an account. */
    synchronized void note(HostAnswer answer) {
        if (answer.failure().isPresent()) {
            failed(answer.failure().get().what(), answer.failure().get().wholeHost());
        } else if (!answer.isThrottled()) {
            answered = true;
            failuresInARow = 0;
        }
    }

    /** @param wholeHost that asking on is of no use */
    synchronized void failed(String what, boolean wholeHost) {
        failuresInARow++;
        if (wholeHost || failuresInARow >= FAILURES_OF_A_HOST) {
            down = true;
            error = Optional.of(what);
        }
    }

    /** Ends the visit without blame, for all lanes. */
    synchronized void leaveIt() {
        down = true;
    }

    synchronized boolean isDown() {
        return down;
    }

    synchronized boolean hasAnswered() {
        return answered;
    }

    /** Why the host counts as failing. */
    synchronized Optional<String> error() {
        return error;
    }

    /** @return whether it was the last */
    synchronized boolean leaveLane() {
        lanes--;
        return lanes == 0;
    }
}
