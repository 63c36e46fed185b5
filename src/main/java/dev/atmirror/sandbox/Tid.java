package dev.atmirror.sandbox;

/** Timestamp identifiers, 13 characters that sort by time: the AT Protocol's record keys and revisions. */
final class Tid {
    private static final String ALPHABET = "234567abcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 13;
    private static final int CHARACTER_BITS = 5;
    private static final int CLOCK_BITS = 10;
    private static final int CLOCK_MASK = (1 << CLOCK_BITS) - 1;

    private Tid() {}

    /**
     * @param micros microseconds since 1970
     * @param clock tells apart what happened in one microsecond; its lowest 10 bits count
     */
    static String of(long micros, int clock) {
        long bits = micros << CLOCK_BITS | clock & CLOCK_MASK;
        char[] text = new char[LENGTH];
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt((int) (bits & ALPHABET.length() - 1));
            bits >>>= CHARACTER_BITS;
        }
        return new String(text);
    }
}
