package org.askfirst.subject;

import java.util.Locale;

/**
 * ISBN, ISMN, ISSN and the GTIN of anything else: one system of bar codes, where a book, a score and an issue of a serial
 * are told by their first digits.
 *
 * <p>A bar code that is a book's is that book, and one that is a score's is that score, under whichever scheme it comes:
 * otherwise the "no" a publisher declares for an ISBN would be missed by who asks for the GTIN.
 */
final class BookNumbers {
    private static final String BOOKLAND = "978";
    private static final String MUSICLAND = "9790";
    private static final String SERIALS = "977";

    private BookNumbers() {}

    static Subject isbn(String plain) {
        String number = Spelling.compact(Spelling.without(plain, "urn:isbn", "isbn"));
        number = withoutLength(number);
        if (number.length() >= 7 && number.length() <= 9 && isDigitsOrX(number)) {
            // A standard book number of before 1970 has nine digits, and a spreadsheet takes leading zeros away.
            number = "0".repeat(10 - number.length()) + number;
        }
        if (number.length() == 10 && isDigitsOrX(number)) {
            String body = number.substring(0, 9);
            char due = CheckDigits.modulo11(body);
            if (number.charAt(9) != due) {
                throw wrongCheckDigit("ISBN", plain, number.charAt(9), due, "isbn:" + body + due);
            }
            String thirteen = BOOKLAND + body;
            return Subject.of(SubjectScheme.ISBN, thirteen + CheckDigits.gs1(thirteen));
        }
        if (!Spelling.isDigits(number)) {
            throw Refusal.CHARACTERS.because(
                    "an ISBN has 13 digits, or 10 of which the last may be X; here is " + Refusal.quote(plain));
        }
        if (number.length() == 13 && isBook(number)) {
            return bookOrScore(number, plain, "ISBN");
        }
        if (number.length() == 13) {
            throw Refusal.SHAPE.because(
                    "an ISBN begins with 978 or 979; here is " + Refusal.quote(plain), "gtin:" + number);
        }
        if (number.length() == 12 && isBook(number)) {
            throw Refusal.SHAPE.because(
                    "an ISBN has 13 digits, here are 12", "isbn:" + number + CheckDigits.gs1(number));
        }
        throw Refusal.SHAPE.because("an ISBN has 13 or 10 digits, here are " + number.length());
    }

    static Subject ismn(String plain) {
        String number = Spelling.compact(Spelling.without(plain, "urn:ismn", "ismn"));
        if (number.startsWith("M")) {
            number = MUSICLAND + number.substring(1);
        }
        if (number.length() != 13 || !Spelling.isDigits(number) || !number.startsWith(MUSICLAND)) {
            throw Refusal.SHAPE.because(
                    "an ISMN is 979-0 and nine digits, or M and nine digits; here is " + Refusal.quote(plain));
        }
        return bookOrScore(number, plain, "ISMN");
    }

    static Subject issn(String plain) {
        String number = Spelling.compact(Spelling.without(
                plain,
                "https://portal.issn.org/resource/issn/",
                "https://issn.org/resource/issn/",
                "urn:issn",
                "issn-l",
                "e-issn",
                "eissn",
                "p-issn",
                "pissn",
                "issn"));
        if (number.length() == 13 && Spelling.isDigits(number) && number.startsWith(SERIALS)) {
            requireGs1(number, plain, "ISSN");
            return serial(number);
        }
        if (number.length() != 8 || !isDigitsOrX(number)) {
            throw Refusal.SHAPE.because(
                    "an ISSN has eight digits, of which the last may be X; here is " + Refusal.quote(plain));
        }
        String body = number.substring(0, 7);
        char due = CheckDigits.modulo11(body);
        if (number.charAt(7) != due) {
            throw wrongCheckDigit("ISSN", plain, number.charAt(7), due, "issn:" + body + due);
        }
        return Subject.of(SubjectScheme.ISSN, number);
    }

    static Subject gtin(String plain) {
        String number = Spelling.compact(Spelling.without(
                plain,
                "https://id.gs1.org/01/",
                "urn:gtin",
                "gtin-14",
                "gtin-13",
                "gtin-12",
                "gtin-8",
                "gtin",
                "(01)"));
        if (!Spelling.isDigits(number)) {
            throw Refusal.CHARACTERS.because("a GTIN has digits only; here is " + Refusal.quote(plain));
        }
        if (number.length() != 8 && (number.length() < 12 || number.length() > 14)) {
            throw Refusal.SHAPE.because("a GTIN has 8, 12, 13 or 14 digits, here are " + number.length());
        }
        String padded = "0".repeat(14 - number.length()) + number;
        requireGs1(padded, plain, "GTIN");
        if (padded.charAt(0) == '0' && isBook(padded.substring(1))) {
            return bookOrScore(padded.substring(1), plain, "GTIN");
        }
        return Subject.of(SubjectScheme.GTIN, padded);
    }

    static Subject isbnPrefix(String plain) {
        String digits = Spelling.compact(Spelling.without(plain, "isbn-prefix", "isbn"));
        if (!Spelling.isDigits(digits)) {
            throw Refusal.CHARACTERS.because(
                    "an ISBN prefix has digits and hyphens only; here is " + Refusal.quote(plain));
        }
        if (digits.startsWith(MUSICLAND)) {
            throw Refusal.SHAPE.because("979-0 is printed music, which has no ISBN");
        }
        if (digits.length() == 13) {
            throw Refusal.SHAPE.because("13 digits are one whole ISBN", "isbn:" + digits);
        }
        if (digits.length() < 4 || digits.length() > 12) {
            throw Refusal.SHAPE.because("an ISBN prefix has four to twelve digits, here are " + digits.length());
        }
        if (!isBook(digits)) {
            throw Refusal.SHAPE.because("an ISBN prefix begins with 978 or 979", "isbn-prefix:978" + digits);
        }
        return Subject.of(SubjectScheme.ISBN_PREFIX, digits);
    }

    /** The serial a GTIN numbers an issue of; empty where it does not. */
    static String serialOf(String gtin) {
        return gtin.startsWith("0" + SERIALS) ? serial(gtin.substring(1)).value() : "";
    }

    /**
     * How many digits of an ISBN prefix name only a country or a language (International ISBN Agency, registration
     * groups); a prefix must have more to be a publisher's.
     */
    static int groupLength(String prefix) {
        String rest = prefix.substring(3);
        if (!prefix.startsWith(BOOKLAND)) {
            return rest.startsWith("8") ? 4 : 5;
        }
        if (rest.compareTo("6") < 0 || (rest.startsWith("7") && !rest.isEmpty())) {
            return 4;
        }
        if (rest.startsWith("65") || (rest.startsWith("8") || (rest.startsWith("9") && rest.compareTo("95") < 0))) {
            return 5;
        }
        if (rest.startsWith("6") || rest.compareTo("99") < 0) {
            return 6;
        }
        return rest.startsWith("999") ? 8 : 7;
    }

    private static Subject serial(String gtin13) {
        String body = gtin13.substring(3, 10);
        return Subject.of(SubjectScheme.ISSN, body + CheckDigits.modulo11(body));
    }

    private static Subject bookOrScore(String number, String plain, String what) {
        requireGs1(number, plain, what);
        return Subject.of(number.startsWith(MUSICLAND) ? SubjectScheme.ISMN : SubjectScheme.ISBN, number);
    }

    private static boolean isBook(String digits) {
        return digits.startsWith(BOOKLAND) || digits.startsWith("979");
    }

    private static void requireGs1(String number, String plain, String what) {
        String body = number.substring(0, number.length() - 1);
        char due = CheckDigits.gs1(body);
        char is = number.charAt(number.length() - 1);
        if (is != due) {
            throw wrongCheckDigit(what, plain, is, due, what.toLowerCase(Locale.ROOT) + ":" + body + due);
        }
    }

    private static RuntimeException wrongCheckDigit(String what, String plain, char is, char due, String meant) {
        return Refusal.CHECK_DIGIT.because(
                what + " " + Refusal.quote(plain) + " ends in " + is + " where " + due + " is due", meant);
    }

    /** "ISBN-13: 978…" and "ISBN 10 89…" carry the length in front. */
    private static String withoutLength(String number) {
        boolean isLabelled = (number.startsWith("10") && number.length() == 12)
                || (number.startsWith("13") && number.length() == 15)
                || number.startsWith("10:")
                || number.startsWith("13:");
        return isLabelled ? number.substring(number.charAt(2) == ':' ? 3 : 2) : number;
    }

    private static boolean isDigitsOrX(String number) {
        int last = number.length() - 1;
        return last > 0
                && Spelling.isDigits(number, 0, last)
                && (number.charAt(last) == 'X' || Spelling.isDigits(number, last, last + 1));
    }
}
