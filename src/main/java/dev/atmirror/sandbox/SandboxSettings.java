package dev.atmirror.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What kind of directory to play, and which hosts beside it. Make one from {@link #DEFAULTS} or by {@link #builder()}.
 *
 * @param port 0 for any free one
 * @param operations in the log at the start, deliberately invalid ones included; at most {@link SandboxLog#LIMIT}
 * @param rate live operations per second; 0 for none
 * @param seed the same seed makes the same log, times aside, which end at the start's now, and on the same ports only,
 *     as they stand in documents
 * @param span the time over which the initial log is spread
 * @param pageSize most operations of a page, 1 to 1,000
 * @param requestLimit requests per window before 429; 0 for no limit and no headers of one
 * @param sequences false plays a directory from before sequence numbers: timestamps only, and no stream
 * @param invalidEvery every so many operations one is deliberately invalid; 0 for none
 * @param streamWindow cursors of the stream older than this are outdated
 * @param pdsEndpoints hosts that the accounts live at, as written into their operations, where the network has none
 * @param faults how often each fault happens first of all
 * @param network hosts that really answer, whose first accounts come before {@code operations} and are not counted there
 */
public record SandboxSettings(
        String host,
        int port,
        int operations,
        double rate,
        long seed,
        Duration span,
        int pageSize,
        int requestLimit,
        Duration requestWindow,
        boolean sequences,
        int invalidEvery,
        Duration streamWindow,
        List<String> pdsEndpoints,
        Map<Fault, Integer> faults,
        NetworkSettings network) {

    static final int MAX_PAGE = 1000;
    private static final double MAX_RATE = 10_000; // beyond it the timer's own work shows

    public static final SandboxSettings DEFAULTS = builder().build();

    /** @throws IllegalArgumentException naming the setting that is out of range */
    public SandboxSettings {
        require(port >= 0 && port <= 65_535, "port must be 0 to 65535");
        require(
                operations >= 0 && operations <= SandboxLog.LIMIT,
                "operations must be 0 to " + SandboxLog.LIMIT + ", as the log is kept in memory");
        require(rate >= 0 && rate <= MAX_RATE, "rate must be 0 to " + (int) MAX_RATE + " operations a second");
        require(pageSize >= 1 && pageSize <= MAX_PAGE, "pageSize must be 1 to " + MAX_PAGE);
        require(requestLimit >= 0, "requestLimit must not be negative");
        require(requestWindow.toSeconds() >= 1, "requestWindow must be a second at least");
        require(invalidEvery >= 0, "invalidEvery must not be negative");
        require(span.toHours() >= 1, "span must be an hour at least");
        require(!streamWindow.isNegative(), "streamWindow must not be negative");
        require(!pdsEndpoints.isEmpty(), "pdsEndpoints must name one at least");
        pdsEndpoints = List.copyOf(pdsEndpoints);
        faults = Map.copyOf(faults);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Settings one by one; what is not named keeps its default. */
    public static final class Builder {
        private String host = "127.0.0.1";
        private int port;
        private int operations = 5_000;
        private double rate = 5;
        private long seed = 1;
        private Duration span = Duration.ofDays(120);
        private int pageSize = MAX_PAGE;
        private int requestLimit = 500; // limit and window as the public directory's
        private Duration requestWindow = Duration.ofSeconds(300);
        private boolean sequences = true;
        private int invalidEvery = 1_000;
        private Duration streamWindow = Duration.ofDays(7);
        private List<String> pdsEndpoints = List.of(
                "https://amanita.pds.test",
                "https://boletus.pds.test",
                "https://chanterelle.pds.test",
                "https://enoki.pds.test",
                "https://morel.pds.test",
                "https://oyster.pds.test",
                "https://porcini.pds.test",
                "https://shiitake.pds.test");
        private Map<Fault, Integer> faults = Map.of();
        private NetworkSettings network = NetworkSettings.NONE;

        private Builder() {}

        public Builder host(String value) {
            host = value;
            return this;
        }

        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder operations(int value) {
            operations = value;
            return this;
        }

        public Builder rate(double value) {
            rate = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public Builder span(Duration value) {
            span = value;
            return this;
        }

        public Builder pageSize(int value) {
            pageSize = value;
            return this;
        }

        public Builder requestLimit(int value) {
            requestLimit = value;
            return this;
        }

        public Builder requestWindow(Duration value) {
            requestWindow = value;
            return this;
        }

        public Builder sequences(boolean value) {
            sequences = value;
            return this;
        }

        public Builder invalidEvery(int value) {
            invalidEvery = value;
            return this;
        }

        public Builder streamWindow(Duration value) {
            streamWindow = value;
            return this;
        }

        public Builder pdsEndpoints(List<String> value) {
            pdsEndpoints = value;
            return this;
        }

        public Builder faults(Map<Fault, Integer> value) {
            faults = value;
            return this;
        }

        public Builder network(NetworkSettings value) {
            network = value;
            return this;
        }

        public SandboxSettings build() {
            return new SandboxSettings(
                    host, port, operations, rate, seed, span, pageSize, requestLimit, requestWindow, sequences,
                    invalidEvery, streamWindow, pdsEndpoints, faults, network);
        }
    }
}
