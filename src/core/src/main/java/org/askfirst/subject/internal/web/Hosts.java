package org.askfirst.subject.internal.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.askfirst.subject.internal.text.PercentCoding;
import org.askfirst.subject.internal.text.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Makes hosts canonical: lower case, Punycode, one dot between labels and none around them, one form for each IP
 * address.
 *
 * <p>No host that a browser opens is refused. Characters that no host has are kept, percent-escaped (as Safe Browsing
 * does), unless they could be read as the end of the host. Such a host can be asked and cannot be declared.
 */
public final class Hosts {
    /** The greatest length of a name in the DNS (RFC 1035, section 2.3.4). */
    public static final int MAX_LENGTH = 253;

    /** The greatest length before Punycode and escapes, which may lengthen or shorten a host. */
    private static final int MAX_RAW_LENGTH = 1024;

    private Hosts() {}

    /** Returns true if a canonical host is an IP address of either version. */
    public static boolean isIpAddress(String host) {
        return isIpAddress(host, 0, host.length());
    }

    public static boolean isIpAddress(String text, int from, int to) {
        // A canonical host ends in a digit-only label exactly if it is an IPv4 address.
        char last = text.charAt(to - 1);
        if (last == ']') {
            return text.charAt(from) == '[';
        }
        if (last < '0' || last > '9') {
            return false;
        }
        int label = Math.max(text.lastIndexOf('.', to - 1) + 1, from);
        for (int i = label; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns true if this canonical host can exist: an IP address, or labels of letters, digits, hyphens and
     * underscores.
     */
    public static boolean canExist(String host) {
        if (isIpAddress(host)) {
            return true;
        }
        int label = 0;
        for (int i = 0; i <= host.length(); i++) {
            if (i == host.length() || host.charAt(i) == '.') {
                if (i == label || i - label > 63) {
                    return false;
                }
                label = i + 1;
            } else if (!isHostCharacter(host.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHostCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    /**
     * Returns the canonical form of {@code bytes[from, to)}: UTF-8, without user and port.
     *
     * @throws org.askfirst.problem.ProblemException if the bytes cannot be a host
     */
    public static String canonical(byte[] bytes, int from, int to) {
        if (from == to) {
            throw Refusal.HOST.because("it is empty");
        }
        if (bytes[from] == '[') {
            return IpAddresses.version6(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }
        String plain = plain(bytes, from, to);
        return plain == null ? canonicalUnusual(bytes, from, to) : resolveNumber(plain);
    }

    /**
     * Returns the host in lower case if it has only letters, digits, hyphens, underscores and single dots, as nearly
     * all have; otherwise null.
     */
    private static @Nullable String plain(byte[] bytes, int from, int to) {
        if (to - from > MAX_LENGTH) {
            return null;
        }
        byte[] lower = new byte[to - from];
        int previous = '.';
        for (int i = from; i < to; i++) {
            int c = bytes[i];
            if (c >= 'A' && c <= 'Z') {
                c |= 0x20;
            } else if (c == '.') {
                if (previous == '.') {
                    return null;
                }
            } else if (!isHostCharacter((char) c)) {
                return null;
            }
            lower[i - from] = (byte) c;
            previous = c;
        }
        return previous == '.' ? null : new String(lower, StandardCharsets.ISO_8859_1);
    }

    private static String canonicalUnusual(byte[] bytes, int from, int to) {
        if (to - from > MAX_RAW_LENGTH) {
            throw Refusal.HOST.because("it has more than " + MAX_LENGTH + " characters");
        }
        byte[] decoded = Arrays.copyOfRange(bytes, from, to);
        String name = singleDotted(labels(decoded, PercentCoding.decode(decoded, 0, decoded.length)));
        if (name.isEmpty()) {
            throw Refusal.HOST.because("it is empty");
        }
        if (name.length() > MAX_LENGTH) {
            throw Refusal.HOST.because("it has more than " + MAX_LENGTH + " characters");
        }
        return resolveNumber(name);
    }

    /** Converts label by label, so that a host and its parent domains agree. */
    private static String labels(byte[] decoded, int length) {
        StringBuilder host = new StringBuilder();
        int start = 0;
        while (start <= length) {
            int end = start;
            while (end < length && decoded[end] != '.') {
                end++;
            }
            host.append(label(decoded, start, end)).append(end < length ? "." : "");
            start = end + 1;
        }
        return host.toString();
    }

    private static String label(byte[] decoded, int start, int end) {
        try {
            String label = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded, start, end - start))
                    .toString();
            return escape(InternationalNames.toAscii(label).getBytes(StandardCharsets.UTF_8));
        } catch (CharacterCodingException e) {
            // Not UTF-8, so nobody can register it. The bytes are kept, so that different hosts stay different.
            byte[] raw = new byte[end - start];
            for (int i = 0; i < raw.length; i++) {
                byte b = decoded[start + i];
                raw[i] = (byte) (b >= 'A' && b <= 'Z' ? b | 0x20 : b);
            }
            return escape(raw);
        }
    }

    private static String escape(byte[] bytes) {
        byte[] out = new byte[bytes.length * 3];
        int length = 0;
        for (byte b : bytes) {
            if ("/\\?@:[]%".indexOf(b) >= 0) {
                throw Refusal.HOST.because("it contains " + Refusal.quote(String.valueOf((char) b)));
            }
            length = PercentCoding.append(b, PercentCoding.HOST, out, length);
        }
        return new String(out, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** Returns the host without dots at the ends and without repeated dots. */
    private static String singleDotted(String host) {
        StringBuilder clean = new StringBuilder(host.length());
        for (int i = 0; i < host.length(); i++) {
            boolean isDot = host.charAt(i) == '.';
            if (!isDot || (clean.length() > 0 && clean.charAt(clean.length() - 1) != '.')) {
                clean.append(host.charAt(i));
            }
        }
        int length = clean.length();
        return length > 0 && clean.charAt(length - 1) == '.' ? clean.substring(0, length - 1) : clean.toString();
    }

    /**
     * Returns the host; if its last label is a number, returns the IPv4 address that it must then be (WHATWG URL,
     * section 3.5).
     */
    private static String resolveNumber(String host) {
        int label = host.lastIndexOf('.') + 1;
        char first = host.charAt(label);
        return first >= '0' && first <= '9' && IpAddresses.isNumber(host, label) ? IpAddresses.version4(host) : host;
    }
}
