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

    /** Returns the code of an opaque number. Refuses a text without digits, such as "none", and a placeholder. */
    static String requireReal(String code) {
        String digits = code.chars()
                .filter(c -> c >= '0' && c <= '9')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        if (digits.isEmpty()) {
            throw Refusal.SHAPE.because("the number of a work has digits; this is " + Refusal.quote(code));
        }
        boolean isFilled = digits.charAt(0) == '0' || digits.charAt(0) == '9';
        if (digits.length() >= 4 && isFilled && Placeholders.isRepeated(digits, 0, digits.length())) {
            throw Placeholders.placeholder("The number", code);
        }
        return requireBounded(code);
    }

    /** Returns the code, and refuses it if it is too long. */
    static String requireBounded(String code) {
        if (code.length() > MAX_LENGTH) {
            throw Refusal.TOO_LONG.because("it may have at most " + MAX_LENGTH + " characters");
        }
        return code;
    }
}
