package org.askfirst.subject.internal.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.askfirst.subject.internal.text.PercentCoding;
import org.askfirst.subject.internal.text.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Hosts, canonical: lower case, Punycode, one dot between labels and none around, every form of an IP address one.
 *
 * <p>What a browser opens is never refused. Characters that no host has are kept, percent-escaped (Safe Browsing does
 * so), as long as they cannot be taken for the end of the host; such a host can be asked for and not declared.
 */
public final class Hosts {
    /** No name in the DNS is longer (RFC 1035, section 2.3.4). */
    public static final int MAX_LENGTH = 253;

    /** Before Punycode and escapes, which may lengthen or shorten. */
    private static final int MAX_RAW_LENGTH = 1024;

    private Hosts() {}

    /** Whether a canonical host is an IP address of either version. */
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

    /** Whether this canonical host can exist: an IP address, or labels of letters, digits, hyphens and underscores. */
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
     * The canonical form of {@code bytes[from, to)}: UTF-8, without user and port.
     *
     * @throws org.askfirst.problem.ProblemException if it cannot be a host
     */
    public static String canonical(byte[] bytes, int from, int to) {
        if (from == to) {
            throw Refusal.HOST.because("there is none");
        }
        if (bytes[from] == '[') {
            return IpAddresses.version6(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }
        String plain = plain(bytes, from, to);
        return plain == null ? unusual(bytes, from, to) : numbered(plain);
    }

    /** The host in lower case if it is all letters, digits, hyphens, underscores and single dots, as nearly all are. */
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

    private static String unusual(byte[] bytes, int from, int to) {
        if (to - from > MAX_RAW_LENGTH) {
            throw Refusal.HOST.because("it has more than " + MAX_LENGTH + " characters");
        }
        byte[] decoded = Arrays.copyOfRange(bytes, from, to);
        String name = dotted(labels(decoded, PercentCoding.decode(decoded, 0, decoded.length)));
        if (name.isEmpty()) {
            throw Refusal.HOST.because("there is none");
        }
        if (name.length() > MAX_LENGTH) {
            throw Refusal.HOST.because("it has more than " + MAX_LENGTH + " characters");
        }
        return numbered(name);
    }

    /** Label by label, so that a host says the same of its ancestors as they do themselves. */
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
            return escaped(InternationalNames.toAscii(label).getBytes(StandardCharsets.UTF_8));
        } catch (CharacterCodingException e) {
            // Not UTF-8: some bytes that nobody can register. They are kept apart as they are.
            byte[] raw = new byte[end - start];
            for (int i = 0; i < raw.length; i++) {
                byte b = decoded[start + i];
                raw[i] = (byte) (b >= 'A' && b <= 'Z' ? b | 0x20 : b);
            }
            return escaped(raw);
        }
    }

    private static String escaped(byte[] bytes) {
        byte[] out = new byte[bytes.length * 3];
        int length = 0;
        for (byte b : bytes) {
            if ("/\\?@:[]%".indexOf(b) >= 0) {
                throw Refusal.HOST.because("it has a " + Refusal.quote(String.valueOf((char) b)) + " in it");
            }
            length = PercentCoding.append(b, PercentCoding.HOST, out, length);
        }
        return new String(out, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** Without dots at the ends or in a row. */
    private static String dotted(String host) {
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

    /** The host, or if its last label is a number, the IPv4 address it must then be (WHATWG URL, section 3.5). */
    private static String numbered(String host) {
        int label = host.lastIndexOf('.') + 1;
        char first = host.charAt(label);
        return first >= '0' && first <= '9' && IpAddresses.isNumber(host, label) ? IpAddresses.version4(host) : host;
    }
}
