package dev.atmirror.route;

import org.apache.camel.Exchange;

/** One of the lines in which a visit's requests go, one behind the other. */
final class Lane {
    private static final String LANE = "lane";

    private final HostVisit visit;
    private boolean done;
    private boolean left;

    Lane(HostVisit visit) {
        this.visit = visit;
    }

    void enter(Exchange exchange) {
        exchange.setProperty(LANE, this);
    }

    /** The lane of the exchange, also of one that was split off. */
    static Lane of(Exchange exchange) {
        return exchange.getProperty(LANE, Lane.class);
    }

    HostVisit visit() {
        return visit;
    }

    /** There is nothing left to do for it. */
    void done() {
        done = true;
    }

    boolean isDone() {
        return done;
    }

    /** Ends it once, however often that is said. @return whether the visit ends with it */
    boolean leave() {
        if (left) {
            return false;
        }
        left = true;
        return visit.leaveLane();
    }
}
