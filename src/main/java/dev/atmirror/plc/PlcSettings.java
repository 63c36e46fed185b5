package dev.atmirror.plc;

import java.net.URI;
import java.time.Duration;

/**
 * @param upstream base of the directory, without {@code /export} and without a slash at its end
 * @param verify false trusts the upstream's signatures and checks hashes and order only
 * @param pageSize operations asked for in a request
 * @param overlap how far a timestamp cursor steps back, since late commits appear behind it (did-method-plc issue 127)
 * @param readyWithin how old the last successful poll may be for the mirror to count as caught up
 * @param verifyThreads threads that check signatures
 */
public record PlcSettings(
        URI upstream,
        boolean verify,
        int pageSize,
        Duration overlap,
        Duration readyWithin,
        int verifyThreads,
        String userAgent) {

    /** Accepts the address with or without {@code /export} at its end. */
    public static URI upstream(String text) {
        String base = text.strip().replaceFirst("/+$", "").replaceFirst("/export$", "");
        URI uri = URI.create(base);
        if (uri.getHost() == null || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw new IllegalArgumentException("not an http(s) address: " + text);
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("not the base address of a directory, as it has a query or a fragment: " + text);
        }
        return uri;
    }

    /** Pages between verifying and storing beside those in the queue: being verified, handed over and stored. */
    private static final int PAGES_BESIDE_THE_QUEUE = 3;

    /**
     * Holds the pages in flight to what the verifier remembers: beyond that it would forget operations that are not
     * stored yet, and reject what builds on them.
     *
     * @throws IllegalArgumentException for too much, or for nothing, in flight
     */
    public static void checkInFlight(int pageSize, int pagesInFlight) {
        if (pageSize < 1 || pagesInFlight < 1) {
            throw new IllegalArgumentException("atmirror.plc.page-size and atmirror.plc.pages-in-flight begin at 1");
        }
        long most = ((long) pagesInFlight + PAGES_BESIDE_THE_QUEUE) * pageSize;
        if (most > RecentLogs.CAPACITY) {
            throw new IllegalArgumentException("(atmirror.plc.pages-in-flight + " + PAGES_BESIDE_THE_QUEUE
                    + ") x atmirror.plc.page-size is " + most + "; the verifier remembers " + RecentLogs.CAPACITY
                    + " operations, so make one of the two smaller");
        }
    }

    /** What cursors are kept under, as numbering differs from directory to directory, and what messages show. */
    public UpstreamAddress address() {
        return UpstreamAddress.of(upstream);
    }
}
