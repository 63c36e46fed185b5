package dev.atmirror.route;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;

/** One of the lines in which a visit's requests go, one behind the other. */
final class Lane {
    private static final String LANE = "lane";

    private final HostVisit visit;
    private boolean done;
    private boolean left;
    private Optional<Semaphore> room = Optional.empty();

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

    /** Waits for room for a large answer, and has it until {@link #giveRoomBack}. */
    void takeRoom(Semaphore from) throws InterruptedException {
        if (room.isEmpty()) {
            from.acquire();
            room = Optional.of(from);
        }
    }

    /** The answer is done with. */
    void giveRoomBack() {
        room.ifPresent(Semaphore::release);
        room = Optional.empty();
    }

    /** Ends it once, however often that is said. @return whether the visit ends with it */
    boolean leave() {
        if (left) {
            return false;
        }
        left = true;
        giveRoomBack();
        return visit.leaveLane();
    }
}
