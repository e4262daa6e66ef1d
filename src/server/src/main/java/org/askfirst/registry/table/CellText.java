package org.askfirst.registry.table;

import java.io.IOException;
import org.askfirst.problem.Problem;

/** Texts in a workbook: runs of text, readings of Chinese characters beside them, and escaped characters. */
final class CellText {
    /** Number of characters in a text. Spreadsheets allow 32,767. */
    static final int MAX_LENGTH = 1 << 20;

    private static final int ESCAPE_LENGTH = 7;

    private CellText() {}

    /**
     * Adds the text of an element, up to its end. White space between the runs is not text, and a phonetic reading is
     * not either.
     */
    static void read(XmlPart part, String element, StringBuilder text) throws IOException {
        int readings = 0;
        int runs = 0;
        while (part.next() && !(part.isEnd(element) && readings == 0 && runs == 0)) {
            if (part.isStart("rPh")) {
                readings++;
            } else if (part.isEnd("rPh")) {
                readings--;
            } else if (part.isStart("t")) {
                runs++;
            } else if (part.isEnd("t")) {
                runs--;
            } else if (runs > 0 && readings == 0) {
                add(part, text);
            }
        }
    }

    /** Adds the text of an element without others inside it, up to its end. */
    static void readPlain(XmlPart part, String element, StringBuilder text) throws IOException {
        while (part.next() && !part.isEnd(element)) {
            add(part, text);
        }
    }

    private static void add(XmlPart part, StringBuilder text) throws IOException {
        part.addText(text, MAX_LENGTH + 1);
        if (text.length() > MAX_LENGTH) {
            throw Problem.UNREADABLE_TABLE.because("The workbook has a text of more than a million characters");
        }
    }

    /** Returns a text in which {@code _x000D_} stands for the character with that number (ECMA-376, 22.9.2.19). */
    static String unescaped(String text) {
        int at = text.indexOf("_x");
        if (at < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        int from = 0;
        while (at >= 0) {
            int code = code(text, at);
            if (code >= 0) {
                plain.append(text, from, at).append((char) code);
                from = at + ESCAPE_LENGTH;
                at = text.indexOf("_x", from);
            } else {
                at = text.indexOf("_x", at + 1);
            }
        }
        return plain.append(text, from, text.length()).toString();
    }

    private static int code(String text, int at) {
        if (at + ESCAPE_LENGTH > text.length() || text.charAt(at + ESCAPE_LENGTH - 1) != '_') {
            return -1;
        }
        int code = 0;
        for (int i = at + 2; i < at + ESCAPE_LENGTH - 1; i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            code = code * 16 + digit;
        }
        return code;
    }
}
