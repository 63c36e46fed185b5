package dev.atmirror.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses are in the public internet. From IANA's special-purpose address registries for IPv4 and IPv6
 * (RFC 6890 and what updates it), and stricter: a block is refused whole, although single addresses of 192.0.0.0/24 and
 * 2001::/23 are reachable, since none of these is a host of anyone's.
 *
 * <p>A table of our own, since {@code InetAddress} knows a third of these blocks, and the library for addresses
 * (seancfoley's IPAddress) neither shared nor documentation nor benchmarking nor reserved ones.
 */
final class PublicAddresses {
    private static final List<Block> NOT_PUBLIC_V4 = blocks(
            "0.0.0.0/8", // this network; Linux connects 0.0.0.0 to itself
            "10.0.0.0/8", // private
            "100.64.0.0/10", // shared, behind carriers' NAT
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local, with the clouds' metadata services
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // relays to 6to4, deprecated
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarking
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, and broadcast

    /**
     * All that IANA has given out as global unicast. Outside lie loopback, unspecified, IPv4-mapped and -compatible,
     * NAT64 (64:ff9b::/96, 64:ff9b:1::/48), discard (100::/64), segment routing (5f00::/16), unique local, link-local,
     * site-local and multicast.
     */
    private static final Block GLOBAL_V6 = Block.of("2000::/3");

    private static final List<Block> NOT_PUBLIC_V6 = blocks(
            "2001::/23", // protocol assignments, with Teredo (2001::/32) and ORCHID
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4: an IPv4 address in disguise
            "3fff::/20"); // documentation

    private PublicAddresses() {}

    static boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return NOT_PUBLIC_V4.stream().noneMatch(block -> block.contains(bytes));
        }
        return GLOBAL_V6.contains(bytes) && NOT_PUBLIC_V6.stream().noneMatch(block -> block.contains(bytes));
    }

    private static List<Block> blocks(String... written) {
        return Stream.of(written).map(Block::of).toList();
    }

    private record Block(byte[] first, int prefix) {
        static Block of(String written) {
            int slash = written.indexOf('/');
            try {
                // A literal, so nothing is looked up.
                byte[] first = InetAddress.getByName(written.substring(0, slash)).getAddress();
                return new Block(first, Integer.parseInt(written.substring(slash + 1)));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(written, e);
            }
        }

        boolean contains(byte[] address) {
            int whole = prefix / 8;
            int rest = 0xff << (8 - prefix % 8) & 0xff;
            return Arrays.equals(address, 0, whole, first, 0, whole)
                    && (prefix % 8 == 0 || (address[whole] & rest) == (first[whole] & rest));
        }
    }
}
