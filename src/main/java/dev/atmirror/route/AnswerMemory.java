package dev.atmirror.route;

import dev.atmirror.net.ByteBudget;

/**
 * How much memory the answers of strangers may take, of all visits together: each answer has a bound of its own, but
 * hundreds of hosts answer at once, and what a visit has not stored yet is held, too.
 *
 * @param reading answers that are being read, judged or stored
 * @param keeping what was judged and waits for the rest of its batch
 */
public record AnswerMemory(ByteBudget reading, ByteBudget keeping) {
    /** Read, decoded to text, parsed and laid out for the database, a byte takes up to as many at the same time. */
    static final int WEIGHT = 8;

    private static final int SHARE_OF_READING = 4; // a quarter of the heap
    private static final int SHARE_OF_KEEPING = 8;

    /** @param heap the most memory that the program may take, in bytes */
    public static AnswerMemory of(long heap) {
        return new AnswerMemory(new ByteBudget(heap / SHARE_OF_READING), new ByteBudget(heap / SHARE_OF_KEEPING));
    }
}
