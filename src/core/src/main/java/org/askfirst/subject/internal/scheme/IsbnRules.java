package org.askfirst.subject.internal.scheme;

import java.util.List;
import java.util.regex.Pattern;
import org.askfirst.subject.internal.text.EverydayNumbers;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/** A book (ISO 2108). */
public final class IsbnRules extends IdentifierRules {
    private static final int ADD_ON = 5;
    private static final int LONGEST_REMARK = 200;

    /** Matches what stands behind an ISBN: the five digits of the bar code's add-on, and a remark in parentheses. */
    private static final Pattern BEHIND =
            Pattern.compile("(.*?[0-9Xx])(?:\\s+[0-9]{5})?(?:\\s*\\(([^()]{0," + LONGEST_REMARK + "})\\))?");

    @Override
    protected String read(String plain) {
        return canonical(plain);
    }

    static String canonical(String plain) {
        String number = Spelling.compact(Spelling.without(plain, "urn:isbn", "isbn"));
        number = withoutLength(number);
        if (!isLong(number)) {
            number = withoutLength(withoutAddOn(number, plain));
        }
        if (number.length() == 9 && BarCodes.isDigitsOrX(number)) {
            // A standard book number from before 1970 has nine digits, and spreadsheets remove a leading zero.
            number = "0" + number;
        }
        if ((number.length() == 7 || number.length() == 8) && BarCodes.isDigitsOrX(number)) {
            throw refuseSerial("0".repeat(8 - number.length()) + number, plain);
        }
        if (number.length() == 10 && BarCodes.isDigitsOrX(number)) {
            String body = number.substring(0, 9);
            BarCodes.refusePlaceholder(body, "ISBN", plain);
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
        Placeholders.refuse(number, "ISBN", plain);
        if (number.length() == 13 && EverydayNumbers.isPossible(plain)) {
            throw Refusal.SHAPE.because("an ISBN begins with 978 or 979");
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

    private static boolean isLong(String number) {
        return (number.length() == 13 || number.length() == 10) && BarCodes.isDigitsOrX(number);
    }

    /**
     * Removes what stands behind the number.
     *
     * @param number the compact number, which is returned if nothing known stands behind it
     */
    private static String withoutAddOn(String number, String plain) {
        if (number.length() == 13 + ADD_ON && BarCodes.isBook(number) && Spelling.isDigits(number)) {
            return number.substring(0, 13);
        }
        var behind = BEHIND.matcher(plain);
        if (!behind.matches()) {
            return number;
        }
        String remark = behind.group(2);
        if (remark != null && remark.chars().filter(c -> c >= '0' && c <= '9').count() >= 8) {
            throw Refusal.SEVERAL.because(
                    "a second number stands behind " + Refusal.quote(behind.group(1)) + "; give each by itself");
        }
        return Spelling.compact(Spelling.without(behind.group(1), "urn:isbn", "isbn"));
    }

    /**
     * Returns the refusal of seven or eight digits. With zeros in front, every ISSN would be a valid ISBN, of another
     * publisher's book.
     */
    private static RuntimeException refuseSerial(String issn, String plain) {
        BarCodes.refusePlaceholderOfSerial(issn, "ISBN", plain);
        boolean isIssn = CheckDigits.modulo11(issn.substring(0, 7)) == issn.charAt(7);
        String fault = "an ISBN has 13 or 10 digits; this is " + Refusal.quote(plain);
        return isIssn && !EverydayNumbers.isWritten(plain)
                ? Refusal.SHAPE.because(fault, "issn:" + issn)
                : Refusal.SHAPE.because(fault);
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
        return List.of(
                Shape.written(45, "(?:97[89][- ]?)?(?:[0-9][- ]?){9}[0-9X](?: +[0-9]{5})?(?: *\\([^()]*\\))?"),
                Shape.compact(40, "97[89][0-9]{10}(?:[0-9]{5})?"),
                Shape.compact(60, "[0-9]{9}[0-9X]"));
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
