package dev.atmirror.api;

/** Whom an address belongs to: whoever has one IPv6 address has all 2^64 of its network. */
final class ClientNetwork {
    private static final int GROUPS = 4; // of 16 bits, which make a network of 64

    private ClientNetwork() {}

    /** @param address as Java writes it: {@code 192.0.2.1}, {@code 2001:db8:0:0:0:0:0:1%eth0} */
    static String of(String address) {
        if (address == null || address.indexOf(':') < 0) {
            return String.valueOf(address);
        }
        String[] groups = address.split(":", GROUPS + 1);
        return groups.length <= GROUPS ? address : String.join(":", java.util.Arrays.copyOf(groups, GROUPS));
    }
}
