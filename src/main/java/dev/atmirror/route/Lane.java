package dev.atmirror.route;

import dev.atmirror.net.ByteBudget;
import org.apache.camel.Exchange;

/** One of the lines in which a visit's requests go, one behind the other. */
final class Lane {
    private static final String LANE = "lane";

    private final HostVisit visit;
    private boolean done;
    private boolean left;
    private final ByteBudget.Share read;
    private final ByteBudget.Share kept;
    private boolean waitedForRoom;
    private long keptWhenStored = -1; // negative as long as nothing was laid out to be stored

    Lane(HostVisit visit, AnswerMemory memory) {
        this.visit = visit;
        this.read = memory.reading().share();
        this.kept = memory.keeping().share();
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

    /** Waits for room for an answer of so many bytes, and has it until {@link #goOn}. */
    void takeRoom(long bytes) throws InterruptedException {
        waitedForRoom |= read.growTo(bytes * AnswerMemory.WEIGHT);
    }

    /** The answer is read, and no longer than this. */
    void needsRoom(long bytes) {
        read.shrinkTo(bytes * AnswerMemory.WEIGHT);
    }

    /** Whether the present request took longer since there was no room. */
    boolean hasWaitedForRoom() {
        return waitedForRoom;
    }

    /** Keeps so many bytes more until they are stored. @return false if there is no room: then the batch is stored as it is */
    boolean tryKeep(long bytes) {
        return kept.tryAdd(bytes);
    }

    /** What is kept was laid out for a statement. @param but bytes that are kept even when it has been stored */
    void storing(long but) {
        keptWhenStored = but;
    }

    /** The lane goes on: it is done with the answer before, and what was laid out is stored. */
    void goOn() {
        waitedForRoom = false;
        read.giveBack();
        if (keptWhenStored >= 0) {
            kept.shrinkTo(keptWhenStored);
            keptWhenStored = -1;
        }
    }

    /** Ends it once, however often that is said. @return whether the visit ends with it */
    boolean leave() {
        if (left) {
            return false;
        }
        left = true;
        read.giveBack();
        kept.giveBack();
        return visit.leaveLane();
    }
}
