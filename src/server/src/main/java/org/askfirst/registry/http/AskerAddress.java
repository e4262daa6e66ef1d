package org.askfirst.registry.http;

import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The address by which limits tell askers apart: the IPv4 address, or the first 64 bits of the IPv6 address, because
 * one asker usually controls the other 64.
 */
public final class AskerAddress {
    private static final int IPV6_NETWORK_BYTES = 8;

    private AskerAddress() {}

    /** Returns the address of the sender; behind a proxy that is trusted, the one that the proxy names. */
    public static String of(SocketAddress sender) {
        return of(sender.hostAddress());
    }

    /** Returns the address; for an IPv6 address, its network of 64 bits in hexadecimal. */
    public static String of(@Nullable String address) {
        if (address == null) {
            return "";
        }
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            return of(InetAddress.getByName(address));
        } catch (UnknownHostException odd) {
            return address;
        }
    }

    static String of(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), IPV6_NETWORK_BYTES))
                : address.getHostAddress();
    }
}
