package org.askfirst.license;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The way on which a machine can pay the licensor. The registry passes it on and takes no money.
 *
 * @param kind the name of the payment protocol, such as {@code x402}
 * @param uri the web address at which to pay
 */
public record PayableRoute(String kind, String uri) {
    /** The greatest number of bytes of the address. */
    public static final int MAX_URI_BYTES = 2048;

    /** The names that a protocol can have. */
    public static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    public PayableRoute {
        if (!KIND.matcher(kind).matches()) {
            throw new IllegalArgumentException("the kind of the route has other characters");
        }
        if (!uri.startsWith("https://") || uri.getBytes(StandardCharsets.UTF_8).length > MAX_URI_BYTES) {
            throw new IllegalArgumentException("the address of the route is no https address, or it is too long");
        }
    }
}
