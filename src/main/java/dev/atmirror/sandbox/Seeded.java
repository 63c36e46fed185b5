package dev.atmirror.sandbox;

/** Draws that need no memory: the same numbers give the same draw, in whatever order they are asked for. */
final class Seeded {
    private Seeded() {}

    /** 64 even bits of two numbers (the finaliser of SplitMix64). */
    static long bits(long seed, long number) {
        long z = seed * 0xD1342543DE82EF95L + (number + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** @return 0 to bound - 1 */
    static int below(int bound, long seed, long number) {
        return (int) Long.remainderUnsigned(bits(seed, number), bound);
    }
}
