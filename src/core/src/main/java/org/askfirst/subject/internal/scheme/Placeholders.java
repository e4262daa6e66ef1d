package org.askfirst.subject.internal.scheme;

import org.askfirst.subject.internal.text.Refusal;

/**
 * Refuses numbers that people enter when they have none: only zeros, only nines, one digit repeated, digits in their
 * order. Such a number may have a correct check digit. It names no work, and different works must not meet under it.
 */
final class Placeholders {
    private static final String ASCENDING = "0123456789012345";
    private static final String DESCENDING = "9876543210987654";

    private Placeholders() {}

    /**
     * Refuses a number whose digits before the check digit are only zeros or only nines, and one whose digits are all
     * the same.
     *
     * @param number digits, of which the last one is the check digit
     * @param what the name of the number, such as ISSN
     * @param plain the number as it was written
     */
    static void refuse(String number, String what, String plain) {
        int check = number.length() - 1;
        char first = number.charAt(0);
        boolean isFilled = (first == '0' || first == '9') && isRepeated(number, 0, check);
        if (isFilled || isRepeated(number, 0, number.length())) {
            throw placeholder(what, plain);
        }
    }

    static RuntimeException placeholder(String what, String plain) {
        return Refusal.PLACEHOLDER.because(what + " " + Refusal.quote(plain)
                + " stands where a number is missing; leave it out, or give the number of the work");
    }

    /** Returns true if all characters from {@code from} to {@code to} are the same. */
    static boolean isRepeated(String text, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (text.charAt(i) != text.charAt(from)) {
                return false;
            }
        }
        return from < to;
    }

    /** Returns true if the digits are in their order, such as 123456789 and 987654321. */
    static boolean isSequence(String digits) {
        return ASCENDING.startsWith(digits) || ASCENDING.startsWith(digits, 1) || DESCENDING.startsWith(digits);
    }
}
