package org.askfirst.registry.table;

/** Characters that nobody sees: all kinds of white space, and format and control characters. */
final class Blanks {
    private static final int HANGUL_FILLER = 0x3164;
    private static final int HALFWIDTH_FILLER = 0xFFA0;
    private static final int CHOSEONG_FILLER = 0x115F;
    private static final int JUNGSEONG_FILLER = 0x1160;
    private static final int EMPTY_BRAILLE = 0x2800;
    private static final int GRAPHEME_JOINER = 0x034F;

    private Blanks() {}

    private static boolean isUnseen(int c) {
        if (c > ' ' && c < 0x7F) {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default ->
                c == HANGUL_FILLER
                        || c == HALFWIDTH_FILLER
                        || c == CHOSEONG_FILLER
                        || c == JUNGSEONG_FILLER
                        || c == EMPTY_BRAILLE
                        || c == GRAPHEME_JOINER;
        };
    }

    /** Returns true if nobody sees anything in the text. */
    static boolean isBlank(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isUnseen(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns the text without unseen characters at both ends. */
    static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isUnseen(text.charAt(from))) {
            from++;
        }
        while (to > from && isUnseen(text.charAt(to - 1))) {
            to--;
        }
        return from == 0 && to == text.length() ? text : text.substring(from, to);
    }
}
