package org.askfirst.subject.internal.text;

/**
 * The characters that nobody sees: white space, control characters and the characters that Unicode calls default
 * ignorable, such as the zero-width space, the byte order mark and the Hangul filler.
 *
 * <p>Copying from pages and messengers adds them at the ends of a text. There they carry no meaning.
 */
public final class Invisible {
    /** A braille cell without dots. It is a symbol, and it looks blank. */
    private static final int BLANK_BRAILLE = 0x2800;

    private Invisible() {}

    /** Returns true if the character at that code point leaves no mark: it can be removed at both ends of a text. */
    public static boolean is(int point) {
        if (point < 0x80) {
            return point <= ' ';
        }
        return isWhiteSpace(point) || isIgnorable(point);
    }

    /** White_Space of the Unicode Character Database beyond ASCII, and the C1 controls. */
    private static boolean isWhiteSpace(int point) {
        return point <= 0xA0
                || point == 0x1680
                || (point >= 0x2000 && point <= 0x200A)
                || point == 0x2028
                || point == 0x2029
                || point == 0x202F
                || point == 0x205F
                || point == 0x3000;
    }

    /** Default_Ignorable_Code_Point of the Unicode Character Database. */
    private static boolean isIgnorable(int point) {
        return point == 0xAD
                || point == 0x34F
                || point == 0x61C
                || point == 0x115F
                || point == 0x1160
                || point == 0x17B4
                || point == 0x17B5
                || (point >= 0x180B && point <= 0x180F)
                || (point >= 0x200B && point <= 0x200F)
                || isBidiControl(point)
                || (point >= 0x2060 && point <= 0x206F)
                || point == 0x3164
                || (point >= 0xFE00 && point <= 0xFE0F)
                || point == 0xFEFF
                || point == 0xFFA0
                || (point >= 0xFFF0 && point <= 0xFFF8)
                || (point >= 0x1BCA0 && point <= 0x1BCA3)
                || (point >= 0x1D173 && point <= 0x1D17A)
                || (point >= 0xE0000 && point <= 0xE0FFF);
    }

    /** Returns true for the characters that change the direction in which a text is shown. */
    public static boolean isBidiControl(int point) {
        return point == 0x61C
                || point == 0x200E
                || point == 0x200F
                || (point >= 0x202A && point <= 0x202E)
                || (point >= 0x2066 && point <= 0x2069);
    }

    /** Returns true if nothing of the text can be seen. */
    public static boolean isBlank(String text) {
        return text.codePoints()
                .allMatch(point -> is(point) || Character.isISOControl(point) || point == BLANK_BRAILLE);
    }

    /**
     * Returns the text without invisible characters at both ends. A variation selector or a tag after a symbol or an
     * ideograph stays, because it is a part of that character.
     */
    public static String trim(String text) {
        int start = 0;
        while (start < text.length() && is(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        int end = text.length();
        while (end > start && is(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        if (end > start && end < text.length() && takesSelector(text.codePointBefore(end))) {
            while (end < text.length() && isSelector(text.codePointAt(end))) {
                end += Character.charCount(text.codePointAt(end));
            }
        }
        return text.substring(start, end);
    }

    private static boolean isSelector(int point) {
        return (point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0020 && point <= 0xE01EF);
    }

    private static boolean takesSelector(int point) {
        return switch (Character.getType(point)) {
            case Character.OTHER_SYMBOL, Character.MATH_SYMBOL, Character.MODIFIER_SYMBOL -> point >= 0x80;
            case Character.OTHER_PUNCTUATION, Character.DASH_PUNCTUATION -> point >= 0x2000;
            default -> Character.isIdeographic(point);
        };
    }
}
