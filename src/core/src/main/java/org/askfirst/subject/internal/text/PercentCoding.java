package org.askfirst.subject.internal.text;

/**
 * Decodes percent-escapes until none is left, and encodes the bytes that must be escaped.
 *
 * <p>Decoding reads each byte once. The output is a stack: when its last three bytes are an escape, they become one
 * byte, which may complete another escape. Two escapes cannot overlap, so every order of decoding gives the same text.
 * This order takes linear time on {@code %252525…}.
 */
public final class PercentCoding {
    /** The bytes that are escaped everywhere: up to 0x20, 0x7F and above, the number sign, the percent sign. */
    public static final int QUERY = 1;

    /**
     * In a path, additionally the question mark and the reverse solidus. They would end or separate the path when it is
     * read again; escaped ones differ from bare ones.
     */
    public static final int PATH = 2;

    /**
     * In a host, additionally the asterisk: {@code domain:*.example.com} means the domain below it, not a host of that
     * name.
     */
    public static final int HOST = 4;

    private static final byte[] ESCAPED_IN = new byte[256];
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    static {
        for (int b = 0; b < 256; b++) {
            if (b <= 0x20 || b >= 0x7F || b == '#' || b == '%') {
                ESCAPED_IN[b] = QUERY | PATH | HOST;
            }
        }
        ESCAPED_IN['?'] = PATH;
        ESCAPED_IN['\\'] = PATH;
        ESCAPED_IN['*'] = HOST;
    }

    private PercentCoding() {}

    /** Decodes {@code bytes[from, to)} in place and returns their new end. */
    public static int decode(byte[] bytes, int from, int to) {
        int end = from;
        for (int i = from; i < to; i++) {
            bytes[end++] = bytes[i];
            while (end >= from + 3 && bytes[end - 3] == '%') {
                int high = hex(bytes[end - 2]);
                int low = hex(bytes[end - 1]);
                if (high < 0 || low < 0) {
                    break;
                }
                end -= 2;
                bytes[end - 1] = (byte) (high << 4 | low);
            }
        }
        return end;
    }

    /** Writes a byte to {@code target} at {@code length}, escaped if necessary, and returns the new length. */
    public static int append(byte b, int component, byte[] target, int length) {
        if ((ESCAPED_IN[b & 0xFF] & component) == 0) {
            target[length] = b;
            return length + 1;
        }
        target[length] = '%';
        target[length + 1] = HEX[(b >> 4) & 0xF];
        target[length + 2] = HEX[b & 0xF];
        return length + 3;
    }

    /** Returns true if the byte needs no escape in that component. */
    public static boolean isPlain(byte b, int component) {
        return (ESCAPED_IN[b & 0xFF] & component) == 0;
    }

    /** Returns the value of a hexadecimal digit; -1 if the character is none. */
    public static int hex(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
