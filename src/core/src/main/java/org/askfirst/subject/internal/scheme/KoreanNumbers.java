package org.askfirst.subject.internal.scheme;

import org.askfirst.subject.internal.text.Refusal;

/** Spelling and length, which the Korean numbers share. */
final class KoreanNumbers {
    private static final int MAX_LENGTH = 256;

    private KoreanNumbers() {}

    /** The text with each run of white space as one space. */
    static String oneSpaced(String plain) {
        return plain.replaceAll("\\s+", " ");
    }

    /** The code, unless it is longer than any. */
    static String bounded(String code) {
        if (code.length() > MAX_LENGTH) {
            throw Refusal.TOO_LONG.because("it may have " + MAX_LENGTH + " characters");
        }
        return code;
    }
}
