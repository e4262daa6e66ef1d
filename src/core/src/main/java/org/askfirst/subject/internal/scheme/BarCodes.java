package org.askfirst.subject.internal.scheme;

import java.util.Locale;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/**
 * The bar codes that ISBN, ISMN, ISSN and all other GTINs share. Their first digits tell books, scores and issues of
 * serials apart.
 *
 * <p>A book's bar code is the book's ISBN, and a score's is the score's ISMN, under any scheme. Otherwise a lookup of
 * the GTIN would miss a reservation that the publisher declared for the ISBN.
 */
final class BarCodes {
    static final String BOOKLAND = "978";
    static final String MUSICLAND = "9790";
    static final String SERIALS = "977";

    private BarCodes() {}

    /** Returns the ISSN of the serial whose issue has this GTIN-13. */
    static String serial(String gtin13) {
        String body = gtin13.substring(3, 10);
        return body + CheckDigits.modulo11(body);
    }

    /** Returns the canonical subject of a book's or a score's bar code. */
    static String bookOrScore(String number, String plain, String what) {
        boolean isScore = number.startsWith(MUSICLAND);
        if (isScore) {
            Placeholders.refuse(number.substring(MUSICLAND.length()), what, plain);
        } else {
            refusePlaceholder(number.substring(3, 12), what, plain);
        }
        requireGs1(number, plain, what);
        return (isScore ? "ismn:" : "isbn:") + number;
    }

    /** Refuses the nine digits of a book that are one digit repeated or in their order. */
    static void refusePlaceholder(String nineDigits, String what, String plain) {
        if (Placeholders.isRepeated(nineDigits, 0, nineDigits.length()) || Placeholders.isSequence(nineDigits)) {
            throw Placeholders.placeholder(what, plain);
        }
    }

    /** Refuses the number of a serial that is a placeholder. */
    static void refusePlaceholderOfSerial(String issn, String what, String plain) {
        Placeholders.refuse(issn, what, plain);
        if (Placeholders.isSequence(issn.substring(0, 7))) {
            throw Placeholders.placeholder(what, plain);
        }
    }

    static boolean isBook(String digits) {
        return digits.startsWith(BOOKLAND) || digits.startsWith("979");
    }

    static void requireGs1(String number, String plain, String what) {
        String body = number.substring(0, number.length() - 1);
        char due = CheckDigits.gs1(body);
        char is = number.charAt(number.length() - 1);
        if (is != due) {
            throw wrongCheckDigit(what, plain, is, due, what.toLowerCase(Locale.ROOT) + ":" + body + due);
        }
    }

    static RuntimeException wrongCheckDigit(String what, String plain, char is, char due, String meant) {
        return Refusal.checkDigit(what, plain, String.valueOf(is), String.valueOf(due), meant);
    }

    static boolean isDigitsOrX(String number) {
        int last = number.length() - 1;
        return last > 0
                && Spelling.isDigits(number, 0, last)
                && (number.charAt(last) == 'X' || Spelling.isDigits(number, last, last + 1));
    }
}
