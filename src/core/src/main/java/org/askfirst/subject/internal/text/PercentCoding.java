package org.askfirst.subject.internal.text;

/**
 * Percent-escapes, undone to a fixed point and put back where they must be.
 *
 * <p>Undoing looks at each byte once: the output is a stack, and whenever its last three bytes are an escape they become
 * the byte it stands for, which may complete another. No two escapes can overlap, so every order of undoing ends in the
 * same text, and this one takes linear time on {@code %252525…}.
 */
public final class PercentCoding {
    /** Escaped everywhere: up to 0x20, 0x7F and above, the number sign, the per cent sign. */
    public static final int QUERY = 1;

    /**
     * In a path also what would end it or separate it when read again: a question mark and a reverse solidus that were
     * escaped are not the same as bare ones.
     */
    public static final int PATH = 2;

    /** In a host also the asterisk: {@code domain:*.example.com} means the domain below it, not a host of that name. */
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

    /** Undoes {@code bytes[from, to)} in place and returns where they end now. */
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

    /** Writes a byte to {@code target} at {@code length}, escaped if it must be, and returns the new length. */
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

    /** Whether the byte stands for itself in that component, escapes aside. */
    public static boolean isPlain(byte b, int component) {
        return (ESCAPED_IN[b & 0xFF] & component) == 0;
    }

    public static int hex(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
