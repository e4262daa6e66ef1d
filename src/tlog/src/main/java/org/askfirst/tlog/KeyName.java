package org.askfirst.tlog;

/** The rule for the names of note keys (C2SP signed-note, "Format"). */
final class KeyName {
    /** NEXT LINE is white space to Unicode, but neither of Java's two questions says so. */
    private static final int NEXT_LINE = 0x85;

    private KeyName() {}

    /** Says if the name is not empty and has neither Unicode spaces nor plus signs nor control characters. */
    static boolean isValid(String name) {
        return !name.isEmpty()
                && name.codePoints()
                        .noneMatch(c -> c == '+'
                                || c < ' '
                                || c == NEXT_LINE
                                || Character.isSpaceChar(c)
                                || Character.isWhitespace(c)
                                || Character.getType(c) == Character.SURROGATE);
    }
}
