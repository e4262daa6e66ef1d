package org.askfirst.subject.internal.scheme;

import org.askfirst.subject.internal.text.Refusal;

/** Rules that the Korean numbers share. */
final class KoreanNumbers {
    private static final int MAX_LENGTH = 256;

    private KoreanNumbers() {}

    /** Returns the text with each run of white space replaced by one space. */
    static String singleSpaced(String plain) {
        return plain.replaceAll("\\s+", " ");
    }

    /** Returns the code, and refuses it if it is too long. */
    static String requireBounded(String code) {
        if (code.length() > MAX_LENGTH) {
            throw Refusal.TOO_LONG.because("it may have at most " + MAX_LENGTH + " characters");
        }
        return code;
    }
}
