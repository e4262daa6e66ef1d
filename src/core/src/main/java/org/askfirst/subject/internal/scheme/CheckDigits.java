package org.askfirst.subject.internal.scheme;

/**
 * Computes the check digits of the standards from the characters before them.
 *
 * <p>Every method takes the checked characters without the check digit, in the alphabet that it names. Any other
 * character is an error of the caller.
 */
public final class CheckDigits {
    private static final String ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private CheckDigits() {}

    /**
     * Returns the check digit of EAN, UPC, GTIN, ISBN-13 and ISMN (GS1 General Specifications, 7.9): weights 3 and 1
     * from the right.
     */
    public static char gs1(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int weight = (digits.length() - i) % 2 == 0 ? 1 : 3;
            sum += weight * (digits.charAt(i) - '0');
        }
        return (char) ('0' + (10 - sum % 10) % 10);
    }

    /**
     * Returns the check digit of ISBN-10 and ISSN: weights from the length plus one down to 2, modulo 11, X for ten.
     */
    public static char modulo11(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            sum += (digits.length() + 1 - i) * (digits.charAt(i) - '0');
        }
        int check = (11 - sum % 11) % 11;
        return check == 10 ? 'X' : (char) ('0' + check);
    }

    /** Returns the check digit of ISNI (ISO 7064 MOD 11-2), X for ten. */
    public static char mod11Radix2(String digits) {
        int product = 0;
        for (int i = 0; i < digits.length(); i++) {
            product = (product + digits.charAt(i) - '0') * 2 % 11;
        }
        int check = (12 - product) % 11;
        return check == 10 ? 'X' : (char) ('0' + check);
    }

    /** Returns the check character of EIDR, ISAN and GRid (ISO 7064 MOD 37,36) over digits and upper-case letters. */
    public static char mod37Radix36(String characters) {
        int product = 36;
        for (int i = 0; i < characters.length(); i++) {
            int sum = (product + ALPHANUMERIC.indexOf(characters.charAt(i))) % 36;
            product = (sum == 0 ? 36 : sum) * 2 % 37;
        }
        return ALPHANUMERIC.charAt((37 - product) % 36);
    }

    /**
     * Returns the check digit of ISWC (ISO 15707): ten minus (one plus each of the nine digits times its place, modulo
     * 10).
     */
    public static char iswc(String nineDigits) {
        int sum = 1;
        for (int i = 0; i < nineDigits.length(); i++) {
            sum += (i + 1) * (nineDigits.charAt(i) - '0');
        }
        return (char) ('0' + (10 - sum % 10) % 10);
    }

    /**
     * Returns the two check digits of an IPI name number: the nine digits before them with weights 10 down to 2, modulo
     * 101.
     */
    public static String ipi(String nineDigits) {
        int sum = 0;
        for (int i = 0; i < nineDigits.length(); i++) {
            sum += (10 - i) * (nineDigits.charAt(i) - '0');
        }
        int check = sum % 101 == 0 ? 0 : (101 - sum % 101) % 100;
        return check < 10 ? "0" + check : String.valueOf(check);
    }
}
