package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/** A book (ISO 2108). */
public final class IsbnRules extends IdentifierRules {
    @Override
    protected String read(String plain) {
        return canonical(plain);
    }

    static String canonical(String plain) {
        String number = Spelling.compact(Spelling.without(plain, "urn:isbn", "isbn"));
        number = withoutLength(number);
        if (number.length() >= 7 && number.length() <= 9 && BarCodes.isDigitsOrX(number)) {
            // A standard book number from before 1970 has nine digits, and spreadsheets remove leading zeros.
            number = "0".repeat(10 - number.length()) + number;
        }
        if (number.length() == 10 && BarCodes.isDigitsOrX(number)) {
            String body = number.substring(0, 9);
            char due = CheckDigits.modulo11(body);
            if (number.charAt(9) != due) {
                throw BarCodes.wrongCheckDigit("ISBN", plain, number.charAt(9), due, "isbn:" + body + due);
            }
            String thirteen = BarCodes.BOOKLAND + body;
            return "isbn:" + thirteen + CheckDigits.gs1(thirteen);
        }
        if (!Spelling.isDigits(number)) {
            throw Refusal.CHARACTERS.because(
                    "an ISBN has 13 digits, or 10 of which the last may be X; this is " + Refusal.quote(plain));
        }
        if (number.length() == 13 && BarCodes.isBook(number)) {
            return BarCodes.bookOrScore(number, plain, "ISBN");
        }
        if (number.length() == 13) {
            throw Refusal.SHAPE.because(
                    "an ISBN begins with 978 or 979; this is " + Refusal.quote(plain), "gtin:" + number);
        }
        if (number.length() == 12 && BarCodes.isBook(number)) {
            throw Refusal.SHAPE.because(
                    "an ISBN has 13 digits; this has 12", "isbn:" + number + CheckDigits.gs1(number));
        }
        throw Refusal.SHAPE.because("an ISBN has 13 or 10 digits; this has " + number.length());
    }

    /** Removes a length before the number, as in "ISBN-13: 978…" and "ISBN 10 89…". */
    private static String withoutLength(String number) {
        boolean isLabelled = (number.startsWith("10") && number.length() == 12)
                || (number.startsWith("13") && number.length() == 15)
                || number.startsWith("10:")
                || number.startsWith("13:");
        if (!isLabelled) {
            return number;
        }
        return number.substring(number.charAt(2) == ':' ? 3 : 2);
    }

    @Override
    public void containers(String value, Containers to) {
        IsbnPrefixRules.addPrefixes(value, IsbnPrefixRules.LONGEST, to);
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.compact(40, "97[89][0-9]{10}"), Shape.compact(60, "[0-9]{9}[0-9X]"));
    }

    @Override
    public List<String> columnNames() {
        return List.of(
                "isbn",
                "isbn13",
                "isbn10",
                "isbns",
                "isbnno",
                "isbn번호",
                "isbn코드",
                "국제표준도서번호",
                "전자책isbn",
                "eisbn",
                "종이책isbn",
                "isbn13자리",
                "isbn10자리");
    }
}
