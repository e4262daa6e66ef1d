package org.askfirst.subject.internal.text;

import java.util.regex.Pattern;

/**
 * Recognises numbers that name no work: dates, Korean resident registration numbers, telephone numbers and business
 * registration numbers. People paste them by mistake, and nobody must be told that such a number is nearly a work's.
 */
public final class EverydayNumbers {
    private static final int LONGEST = 40;

    private static final String MONTH_AND_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])";

    /** Matches forms with the separators of such a number. No number of a work is written so. */
    private static final Pattern WRITTEN = Pattern.compile(String.join(
            "|",
            // Dates: 2024-01-05, 2024. 1. 5., 2024년 1월 5일, 5/1/2024, with a time of the day or without.
            "(?:1[89]|2[01])[0-9]{2} ?[-./\u5E74\uB144] ?[0-9]{1,2} ?[-./\u6708\uC6D4] ?[0-9]{1,2} ?[.\u65E5\uC77C]?"
                    + "(?:[ T][0-9:.]+Z?)?",
            "[0-9]{1,2} ?[-./] ?[0-9]{1,2} ?[-./] ?(?:(?:1[89]|2[01])?[0-9]{2})\\.?",
            // Resident registration numbers, also with hidden digits.
            "[0-9]{2}" + MONTH_AND_DAY + " ?- ?[0-9](?:[0-9]{6}|[*xX]{6})",
            // Mobile and landline telephones, national and international.
            "(?:\\+ ?82[-. )]*|\\(?0)1[016789][-. )]+[0-9]{3,4}[-. ]+[0-9]{4}",
            "(?:\\+ ?82[-. )]*|\\(?0)(?:2|[3-6][1-9]|70|80|50[0-9]?)[-. )]+[0-9]{3,4}[-. ]+[0-9]{4}",
            "\\+[0-9][0-9 .()-]{6,20}",
            // Business registration numbers.
            "[0-9]{3}-[0-9]{2}-[0-9]{5}"));

    /** Matches forms of digits only, and telephone numbers of companies. A number of a work may look the same. */
    private static final Pattern BARE = Pattern.compile(String.join(
            "|",
            "(?:1[89]|2[01])[0-9]{2}" + MONTH_AND_DAY + "(?:[0-9]{4}|[0-9]{6})?",
            "[0-9]{2}" + MONTH_AND_DAY + "[0-9]{7}",
            "(?:82|0)1[016789][0-9]{7,8}",
            "(?:82|0)(?:2|[3-6][1-9]|70)[0-9]{7,8}",
            "1(?:5(?:22|33|44|66|77|88|99)|6(?:00|44|61|66|70|88)|8(?:00|11|33|55|77|99))[- ]?[0-9]{4}"));

    /** The bar codes of Korean products begin so, and those of January 1988 would be taken for one. */
    private static final String KOREAN_PRODUCTS = "880";

    private static final int RESIDENT = 13;

    private EverydayNumbers() {}

    /** Returns true if the text is written as such a number and as no number of a work. */
    public static boolean isWritten(String plain) {
        return plain.length() <= LONGEST && WRITTEN.matcher(plain).matches();
    }

    /** Returns true if the text can be such a number. */
    public static boolean isPossible(String plain) {
        boolean isPossible = isWritten(plain)
                || (plain.length() <= LONGEST && BARE.matcher(plain).matches());
        boolean isProduct = plain.length() == RESIDENT && plain.startsWith(KOREAN_PRODUCTS) && !hasResidentCheck(plain);
        return isPossible && !isProduct;
    }

    /** Returns true if the last digit fits the others as in a resident registration number. */
    private static boolean hasResidentCheck(String digits) {
        int sum = 0;
        for (int i = 0; i < RESIDENT - 1; i++) {
            sum += (digits.charAt(i) - '0') * (2 + i % 8);
        }
        return (11 - sum % 11) % 10 == digits.charAt(RESIDENT - 1) - '0';
    }
}
