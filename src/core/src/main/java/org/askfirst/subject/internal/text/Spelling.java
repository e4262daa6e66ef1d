package org.askfirst.subject.internal.text;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Normalises the spellings that keyboards, spreadsheets and web pages produce: full-width and other digits, every kind
 * of dash and space, invisible characters, labels.
 */
public final class Spelling {
    /**
     * The greatest length of an identifier. No scheme here has one that is nearly as long; DOI handbooks recommend much
     * less.
     */
    public static final int MAX_INPUT_LENGTH = 2048;

    private static final int FULL_WIDTH_FIRST = 0xFF01;
    private static final int FULL_WIDTH_LAST = 0xFF5E;
    private static final int FULL_WIDTH_OFFSET = 0xFEE0;

    private Spelling() {}

    /**
     * Returns the text with one kind of digit, dash, space and width, without invisible characters, trimmed.
     *
     * @throws org.askfirst.problem.ProblemException if the text is too long, if nothing is left, or if a control
     *     character or a lone surrogate is
     */
    public static String plain(String text) {
        if (text.length() > MAX_INPUT_LENGTH) {
            throw Refusal.TOO_LONG.because("an identifier may have at most " + MAX_INPUT_LENGTH + " characters");
        }
        if (isVisibleAscii(text)) {
            return text;
        }
        requireNoLoneSurrogates(text);
        String plain = Invisible.trim(isAscii(text) ? text : fold(text));
        if (plain.isEmpty()) {
            throw Refusal.EMPTY.because("an identifier is needed after the scheme");
        }
        for (int i = 0; i < plain.length(); i++) {
            if (Character.isISOControl(plain.charAt(i)) && !Character.isWhitespace(plain.charAt(i))) {
                throw Refusal.CHARACTERS.because(Refusal.quote(plain) + " has a control character");
            }
        }
        return plain;
    }

    /** Returns true in the usual case, a text that needs no change; one pass finds out. */
    private static boolean isVisibleAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7F) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static String fold(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKC).codePoints().forEach(point -> {
            switch (Character.getType(point)) {
                case Character.FORMAT -> {}
                case Character.DASH_PUNCTUATION -> folded.append('-');
                case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                    folded.append(' ');
                case Character.DECIMAL_DIGIT_NUMBER -> folded.append((char) ('0' + Character.digit(point, 10)));
                default -> folded.appendCodePoint(point == 0x2212 ? '-' : point);
            }
        });
        // Normalises again: a dropped character may have separated a letter and its accent.
        return Normalizer.normalize(folded, Normalizer.Form.NFKC);
    }

    /**
     * Returns the text without spaces and hyphens, in upper case: the stored form of numbers that are printed in
     * groups.
     */
    public static String compact(String plain) {
        int same = 0;
        while (same < plain.length() && isCompact(plain.charAt(same))) {
            same++;
        }
        return same == plain.length() ? plain : compactFully(plain);
    }

    private static boolean isCompact(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    }

    private static String compactFully(String plain) {
        StringBuilder compact = new StringBuilder(plain.length());
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c != '-' && !Character.isWhitespace(c)) {
                compact.append(c >= 'a' && c <= 'z' ? (char) (c - 0x20) : c);
            }
        }
        return compact.toString();
    }

    /**
     * Returns the text without the first of these labels that it begins with, in any case, and without the separator
     * after it.
     */
    public static String without(String plain, String... labels) {
        for (String label : labels) {
            if (plain.regionMatches(true, 0, label, 0, label.length())) {
                int start = label.length();
                while (start < plain.length() && (plain.charAt(start) == ':' || plain.charAt(start) <= ' ')) {
                    start++;
                }
                return plain.substring(start);
            }
        }
        return plain;
    }

    public static boolean isDigits(String text) {
        return isDigits(text, 0, text.length());
    }

    public static boolean isDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return from < to;
    }

    public static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (PercentCoding.hex(text.charAt(i)) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Returns true for one or more ASCII digits and upper-case ASCII letters. */
    public static boolean isAlphanumeric(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z')) {
                return false;
            }
        }
        return from < to;
    }

    public static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    public static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    /** Returns the text with ASCII letters in lower case. No identifier's rules change the case of other letters. */
    public static String asciiLower(String text) {
        int same = 0;
        while (same < text.length() && (text.charAt(same) < 'A' || text.charAt(same) > 'Z')) {
            same++;
        }
        return same == text.length() ? text : asciiLowerFully(text);
    }

    private static String asciiLowerFully(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            lower.append(c >= 'A' && c <= 'Z' ? (char) (c + 0x20) : c);
        }
        return lower.toString();
    }

    public static void requireNoLoneSurrogates(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isHighSurrogate(text.charAt(i))
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw Refusal.CHARACTERS.because("half of a character (a lone surrogate) is at index " + i);
                }
                i++;
            }
        }
    }

    /**
     * Returns true if the first visible character is full-width, because then the whole text was typed in full-width
     * mode.
     */
    public static boolean startsFullWidth(String text) {
        String start = text.stripLeading();
        return !start.isEmpty() && isFullWidth(start.charAt(0));
    }

    /** Returns the text with full-width ASCII made narrow, and everything else unchanged. */
    public static String narrow(String text) {
        StringBuilder narrow = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            narrow.append(isFullWidth(c) ? (char) (c - FULL_WIDTH_OFFSET) : c);
        }
        return narrow.toString();
    }

    private static boolean isFullWidth(char c) {
        return c >= FULL_WIDTH_FIRST && c <= FULL_WIDTH_LAST;
    }
}
