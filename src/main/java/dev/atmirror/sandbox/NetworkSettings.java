package dev.atmirror.sandbox;

import java.time.Duration;

/**
 * The hosts beside the directory. Make one from {@link #NONE} or by {@link #builder()}.
 *
 * @param pds hosts, slow and dead ones included; 0 leaves the directory alone
 * @param accounts of each host, at most {@link #MOST_ACCOUNTS} over all hosts
 * @param deadPercent of {@code pds}, rounded up: nothing listens at their ports
 * @param slowPercent of {@code pds}, rounded up: they answer after {@code slowness}
 * @param lying hosts that lie or break, besides {@code pds}, of each kind in turn
 * @param rateLimit requests that each host takes in a window of time; 0 for no limit
 * @param pdsPort of the first host, the others follow; 0 for any free ones
 * @param relayPort 0 for any free one
 */
public record NetworkSettings(
        int pds,
        int accounts,
        double deadPercent,
        double slowPercent,
        int lying,
        Duration slowness,
        int rateLimit,
        Duration rateWindow,
        int pdsPort,
        int relayPort) {
    /** Each takes a hundred bytes for its signed operation. */
    public static final int MOST_ACCOUNTS = 1_000_000;

    private static final int MOST_HOSTS = 5_000;
    private static final int MAX_PORT = 65_535;

    public static final NetworkSettings NONE = builder().pds(0).build();

    /** @throws IllegalArgumentException naming the setting that is out of range */
    public NetworkSettings {
        require(pds >= 0 && pds <= MOST_HOSTS, "pds must be 0 to " + MOST_HOSTS);
        require(lying >= 0 && lying <= MOST_HOSTS, "lying must be 0 to " + MOST_HOSTS);
        require(lying == 0 || pds > 0, "lying hosts need others: pds must be 1 at least");
        require(
                accounts >= 0 && (long) accounts * (pds + lying) <= MOST_ACCOUNTS,
                "accounts must be 0 to " + MOST_ACCOUNTS + " over all hosts, as their operations are kept in memory");
        require(deadPercent >= 0 && slowPercent >= 0, "percentages must not be negative");
        require(
                pds == 0 || share(pds, deadPercent) + share(pds, slowPercent) < pds,
                "deadPercent and slowPercent leave no host that is well");
        require(!slowness.isNegative(), "slowness must not be negative");
        require(rateLimit >= 0, "rateLimit must not be negative");
        require(rateWindow.toSeconds() >= 1, "rateWindow must be a second at least");
        require(pdsPort >= 0 && (pdsPort == 0 || pdsPort + pds + lying + 1 <= MAX_PORT), "pdsPort is too great");
        require(relayPort >= 0 && relayPort <= MAX_PORT, "relayPort must be 0 to " + MAX_PORT);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    private static int share(int hosts, double percent) {
        return (int) Math.ceil(hosts * Math.min(percent, 100) / 100);
    }

    /** What kind the host of this index is: those that are well come first. */
    HostKind kind(int index) {
        int dead = share(pds, deadPercent);
        int slow = share(pds, slowPercent);
        if (index >= pds) {
            return index == pds + lying ? HostKind.UNNAMED : HostKind.lying(index - pds);
        }
        if (index >= pds - dead) {
            return HostKind.DEAD;
        }
        return index >= pds - dead - slow ? HostKind.SLOW : HostKind.ORDINARY;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Settings one by one; what is not named keeps its default. */
    public static final class Builder {
        private int pds = 4;
        private int accounts = 40;
        private double deadPercent;
        private double slowPercent;
        private int lying;
        private Duration slowness = Duration.ofSeconds(3);
        private int rateLimit = 3_000; // limit and window as the reference host's
        private Duration rateWindow = Duration.ofSeconds(300);
        private int pdsPort;
        private int relayPort;

        private Builder() {}

        public Builder pds(int value) {
            pds = value;
            return this;
        }

        public Builder accounts(int value) {
            accounts = value;
            return this;
        }

        public Builder deadPercent(double value) {
            deadPercent = value;
            return this;
        }

        public Builder slowPercent(double value) {
            slowPercent = value;
            return this;
        }

        public Builder lying(int value) {
            lying = value;
            return this;
        }

        public Builder slowness(Duration value) {
            slowness = value;
            return this;
        }

        public Builder rateLimit(int value) {
            rateLimit = value;
            return this;
        }

        public Builder rateWindow(Duration value) {
            rateWindow = value;
            return this;
        }

        public Builder pdsPort(int value) {
            pdsPort = value;
            return this;
        }

        public Builder relayPort(int value) {
            relayPort = value;
            return this;
        }

        public NetworkSettings build() {
            return new NetworkSettings(
                    pds, accounts, deadPercent, slowPercent, lying, slowness, rateLimit, rateWindow, pdsPort, relayPort);
        }
    }
}
