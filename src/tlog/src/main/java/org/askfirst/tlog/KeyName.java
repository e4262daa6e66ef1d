package org.askfirst.tlog;

/** The rule for the names of note keys (C2SP signed-note, "Format"). */
final class KeyName {
    /** Unicode counts NEXT LINE as white space; neither of Java's two tests does. */
    private static final int NEXT_LINE = 0x85;

    private KeyName() {}

    /** Returns true if the name is not empty and has no Unicode spaces, plus signs or control characters. */
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
