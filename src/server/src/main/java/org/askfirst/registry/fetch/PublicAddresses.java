package org.askfirst.registry.fetch;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Separates public internet addresses from all others: private networks, this machine, multicast, and blocks that are
 * reserved or embed an address of another kind (RFC 6890 and the IANA special-purpose registries).
 */
final class PublicAddresses {
    private static final List<Block> NOT_IPV4 = List.of(
            Block.of("0.0.0.0", 8),
            Block.of("10.0.0.0", 8),
            Block.of("100.64.0.0", 10),
            Block.of("127.0.0.0", 8),
            Block.of("169.254.0.0", 16),
            Block.of("172.16.0.0", 12),
            Block.of("192.0.0.0", 24),
            Block.of("192.0.2.0", 24),
            Block.of("192.31.196.0", 24),
            Block.of("192.52.193.0", 24),
            Block.of("192.88.99.0", 24),
            Block.of("192.168.0.0", 16),
            Block.of("192.175.48.0", 24),
            Block.of("198.18.0.0", 15),
            Block.of("198.51.100.0", 24),
            Block.of("203.0.113.0", 24),
            Block.of("224.0.0.0", 3));

    /** All allocated IPv6 addresses; addresses outside of this block are not public. */
    private static final Block IPV6 = Block.of("2000::", 3);

    private static final List<Block> NOT_IPV6 = List.of(
            Block.of("2001::", 23),
            Block.of("2001:db8::", 32),
            Block.of("2002::", 16),
            Block.of("2620:4f:8000::", 48),
            Block.of("3fff::", 20));

    private PublicAddresses() {}

    private record Block(InetAddress start, int bits) {
        static Block of(String start, int bits) {
            try {
                return new Block(InetAddress.getByName(start), bits);
            } catch (java.net.UnknownHostException impossible) {
                throw new IllegalStateException("not an IP address", impossible);
            }
        }

        boolean contains(byte[] address) {
            byte[] other = start.getAddress();
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >>> (bit % 8);
                if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Returns true if the address is public and belongs to one machine. */
    static boolean contain(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return NOT_IPV4.stream().noneMatch(block -> block.contains(bytes));
        }
        return IPV6.contains(bytes) && NOT_IPV6.stream().noneMatch(block -> block.contains(bytes));
    }
}
