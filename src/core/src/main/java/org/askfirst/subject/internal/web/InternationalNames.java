package org.askfirst.subject.internal.web;

import java.text.Normalizer;
import org.askfirst.subject.internal.text.Refusal;

/**
 * Converts host names in any script to the form of the DNS (Punycode).
 *
 * <p>The mapping is UTS #46, non-transitional, as in today's browsers: compatibility forms and case are folded,
 * invisible characters are dropped, and the sharp s is kept. {@code java.net.IDN} implements IDNA2003 instead: it
 * converts {@code faß.de} to {@code fass.de}, which is somebody else's domain. Names are mapped and not validated. A
 * key does not depend on which characters may be registered, and no name that a browser opens is refused.
 */
public final class InternationalNames {
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_N = 128;

    private InternationalNames() {}

    /**
     * Returns the name in ASCII and lower case.
     *
     * @throws org.askfirst.problem.ProblemException if a label in another script is longer than any host. Punycode
     *     takes quadratic time, and one character may map to eighteen
     */
    public static String toAscii(String name) {
        String mapped = map(name);
        StringBuilder ascii = new StringBuilder(mapped.length() + 8);
        int start = 0;
        while (start <= mapped.length()) {
            int dot = mapped.indexOf('.', start);
            int end = dot < 0 ? mapped.length() : dot;
            appendLabel(ascii, mapped, start, end);
            if (dot >= 0) {
                ascii.append('.');
            }
            start = end + 1;
        }
        return ascii.toString();
    }

    private static String map(String name) {
        // Twice: lower-casing may give characters that normalisation folds (U+1E9B), and normalisation characters with
        // case (U+2126).
        return foldOnce(foldOnce(name));
    }

    private static String foldOnce(String name) {
        String composed = Normalizer.normalize(name, Normalizer.Form.NFKC);
        StringBuilder folded = new StringBuilder(composed.length());
        composed.codePoints().forEach(point -> {
            if (point == 0x3002) {
                folded.append('.');
            } else if (point == 0x130) {
                folded.append("i\u0307");
            } else if (!isIgnored(point)) {
                folded.appendCodePoint(Character.toLowerCase(point));
            }
        });
        return Normalizer.normalize(folded, Normalizer.Form.NFC);
    }

    /**
     * Returns true for characters that are dropped: soft hyphen, grapheme joiner, zero-width space, word joiner, byte
     * order mark, variation selectors.
     */
    private static boolean isIgnored(int point) {
        return point == 0xAD
                || point == 0x34F
                || (point >= 0x180B && point <= 0x180D)
                || point == 0x180F
                || point == 0x200B
                || point == 0x2060
                || point == 0x2064
                || (point >= 0xFE00 && point <= 0xFE0F)
                || point == 0xFEFF
                || (point >= 0xE0100 && point <= 0xE01EF);
    }

    private static void appendLabel(StringBuilder ascii, String text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (text.charAt(i) >= 0x80) {
                if (end - start > Hosts.MAX_LENGTH) {
                    throw Refusal.HOST.because("it has more than " + Hosts.MAX_LENGTH + " characters");
                }
                ascii.append("xn--");
                appendPunycode(ascii, text.substring(start, end));
                return;
            }
        }
        ascii.append(text, start, end);
    }

    /** Appends the Punycode of a label (RFC 3492, section 6.3). */
    private static void appendPunycode(StringBuilder out, String label) {
        int[] points = label.codePoints().toArray();
        int basic = 0;
        for (int point : points) {
            if (point < 0x80) {
                out.append((char) point);
                basic++;
            }
        }
        if (basic > 0) {
            out.append('-');
        }
        int n = INITIAL_N;
        int delta = 0;
        int bias = INITIAL_BIAS;
        int handled = basic;
        while (handled < points.length) {
            int next = Integer.MAX_VALUE;
            for (int point : points) {
                next = point >= n && point < next ? point : next;
            }
            // INVARIANT: at most 253 characters, each below 0x110000: the product stays below 2^31.
            delta += (next - n) * (handled + 1);
            n = next;
            for (int point : points) {
                if (point < n) {
                    delta++;
                }
                if (point == n) {
                    appendVariableLength(out, delta, bias);
                    bias = adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            n++;
        }
    }

    private static void appendVariableLength(StringBuilder out, int delta, int bias) {
        int rest = delta;
        for (int k = BASE; ; k += BASE) {
            int threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
            if (rest < threshold) {
                out.append(digit(rest));
                return;
            }
            out.append(digit(threshold + (rest - threshold) % (BASE - threshold)));
            rest = (rest - threshold) / (BASE - threshold);
        }
    }

    private static int adapt(int delta, int points, boolean first) {
        int rest = first ? delta / DAMP : delta / 2;
        rest += rest / points;
        int k = 0;
        while (rest > ((BASE - T_MIN) * T_MAX) / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return k + (BASE - T_MIN + 1) * rest / (rest + SKEW);
    }

    private static char digit(int value) {
        return (char) (value < 26 ? 'a' + value : '0' + value - 26);
    }
}
