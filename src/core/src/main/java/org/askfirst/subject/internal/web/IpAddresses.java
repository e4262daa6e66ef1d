package org.askfirst.subject.internal.web;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;

/**
 * Converts IP addresses in every form that browsers accept to one form: four decimal numbers, or RFC 5952 in brackets.
 */
public final class IpAddresses {
    private static final int GROUPS = 8;

    private IpAddresses() {}

    /**
     * The IPv4 blocks that are no public addresses of one machine: private, loopback, link-local, documentation,
     * multicast, reserved (RFC 6890). Each has its first address and its number of bits.
     */
    private static final long[][] NOT_PUBLIC_4 = {
        {0x00000000L, 8},
        {0x0A000000L, 8},
        {0x64400000L, 10},
        {0x7F000000L, 8},
        {0xA9FE0000L, 16},
        {0xAC100000L, 12},
        {0xC0000000L, 24},
        {0xC0000200L, 24},
        {0xC01FC400L, 24},
        {0xC034C100L, 24},
        {0xC0586300L, 24},
        {0xC0A80000L, 16},
        {0xC0AF3000L, 24},
        {0xC6120000L, 15},
        {0xC6336400L, 24},
        {0xCB007100L, 24},
        {0xE0000000L, 3},
    };

    /** Returns true if a canonical IP address is one on the public internet. */
    public static boolean isPublic(String canonical) {
        if (canonical.charAt(0) == '[') {
            int[] groups = new int[GROUPS];
            return parse(canonical.substring(1, canonical.length() - 1), groups) && isPublic(groups);
        }
        long address = 0;
        for (String part : canonical.split("\\.", -1)) {
            address = address << 8 | Long.parseLong(part);
        }
        for (long[] block : NOT_PUBLIC_4) {
            if ((address ^ block[0]) >> (32 - block[1]) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns true for allocated addresses (2000::/3), but those for documentation, tunnels and special purposes. */
    private static boolean isPublic(int[] groups) {
        int first = groups[0];
        boolean isSpecial = (first == 0x2001 && (groups[1] < 0x200 || groups[1] == 0xDB8))
                || first == 0x2002
                || (first == 0x2620 && groups[1] == 0x4F && groups[2] == 0x8000)
                || (first == 0x3FFF && groups[1] < 0x1000);
        return first >> 13 == 1 && !isSpecial;
    }

    /** Returns true if the host from {@code label} on is a number: decimal, octal or hexadecimal. */
    public static boolean isNumber(String host, int label) {
        boolean isHex = host.startsWith("0x", label);
        for (int i = isHex ? label + 2 : label; i < host.length(); i++) {
            if (Character.digit(host.charAt(i), isHex ? 16 : 10) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the dotted decimal form of one to four numbers. The last number fills the remaining bits of the 32. */
    public static String version4(String host) {
        List<String> parts = List.of(host.split("\\.", -1));
        if (parts.size() > 4) {
            throw notAnAddress(host);
        }
        long address = 0;
        for (int i = 0; i < parts.size(); i++) {
            boolean isLast = i == parts.size() - 1;
            long limit = isLast ? 1L << (8 * (5 - parts.size())) : 256;
            long number = number(parts.get(i));
            if (number < 0 || number >= limit) {
                throw notAnAddress(host);
            }
            address += isLast ? number : number << (8 * (3 - i));
        }
        return dottedDecimal(address);
    }

    private static RuntimeException notAnAddress(String host) {
        return Refusal.HOST.because(Refusal.quote(host) + " ends in a number and is not an IP address");
    }

    /** Returns the value of one part; negative if it is not a number or has more than 32 bits. */
    private static long number(String part) {
        if (part.startsWith("0x")) {
            return part.length() == 2 ? 0 : digits(part.substring(2), 16);
        }
        if (part.length() > 1 && part.startsWith("0")) {
            return digits(part.substring(1), 8);
        }
        return part.isEmpty() ? -1 : digits(part, 10);
    }

    private static long digits(String text, int radix) {
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), radix);
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
            if (value > 0xFFFFFFFFL) {
                return -1;
            }
        }
        return value;
    }

    private static String dottedDecimal(long address) {
        return (address >> 24) + "." + (address >> 16 & 0xFF) + "." + (address >> 8 & 0xFF) + "." + (address & 0xFF);
    }

    /**
     * Returns the address in brackets, compressed. An IPv4 address inside an IPv6 address (::ffff:0:0/96, or NAT64's
     * well-known prefix 64:ff9b::/96) becomes that IPv4 address.
     */
    public static String version6(String bracketed) {
        int[] groups = new int[GROUPS];
        if (!bracketed.endsWith("]") || !parse(bracketed.substring(1, bracketed.length() - 1), groups)) {
            throw Refusal.HOST.because(Refusal.quote(bracketed) + " is not an IPv6 address");
        }
        boolean isMapped = isZero(groups, 0, 5) && groups[5] == 0xFFFF;
        boolean isTranslated = groups[0] == 0x64 && groups[1] == 0xFF9B && isZero(groups, 2, 6);
        if (isMapped || isTranslated) {
            return dottedDecimal((long) groups[6] << 16 | groups[7]);
        }
        return compress(groups);
    }

    private static boolean isZero(int[] groups, int from, int to) {
        for (int i = from; i < to; i++) {
            if (groups[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean parse(String text, int[] groups) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return fill(text, groups, 0) == GROUPS;
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        int[] tail = new int[GROUPS];
        int before = gap == 0 ? 0 : fill(text.substring(0, gap), groups, 0);
        int after = gap + 2 == text.length() ? 0 : fill(text.substring(gap + 2), tail, 0);
        if (before < 0 || after < 0 || before + after >= GROUPS) {
            return false;
        }
        System.arraycopy(tail, 0, groups, GROUPS - after, after);
        return true;
    }

    /** Reads groups and returns the number of groups that are filled; negative if the text is malformed. */
    private static int fill(String text, int[] groups, int start) {
        String[] parts = text.split(":", -1);
        int count = start;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (i == parts.length - 1 && part.indexOf('.') >= 0) {
                return fillVersion4(part, groups, count);
            }
            long group = part.isEmpty() || part.length() > 4 ? -1 : digits(part, 16);
            if (group < 0 || count == GROUPS) {
                return -1;
            }
            groups[count++] = (int) group;
        }
        return count;
    }

    private static int fillVersion4(String part, int[] groups, int count) {
        String[] bytes = part.split("\\.", -1);
        if (bytes.length != 4 || count > GROUPS - 2) {
            return -1;
        }
        int address = 0;
        for (String one : bytes) {
            long value = one.isEmpty() || one.length() > 3 ? -1 : digits(one, 10);
            if (value < 0 || value > 255) {
                return -1;
            }
            address = address << 8 | (int) value;
        }
        groups[count] = address >>> 16;
        groups[count + 1] = address & 0xFFFF;
        return count + 2;
    }

    /**
     * Writes the form of RFC 5952: lower case, no leading zeros, and two colons for the first longest run of two or
     * more zero groups.
     */
    private static String compress(int[] groups) {
        int gap = -1;
        int longest = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > longest) {
                longest = end - i;
                gap = i;
            }
        }
        StringBuilder out = new StringBuilder("[");
        int i = 0;
        while (i < GROUPS) {
            if (i == gap) {
                out.append("::");
                i += longest;
                continue;
            }
            if (i > 0 && i != gap + longest) {
                out.append(':');
            }
            out.append(Integer.toHexString(groups[i]));
            i++;
        }
        return out.append(']').toString();
    }
}
