package org.askfirst.subject.internal.scheme;

import org.askfirst.problem.Reason;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;
import org.askfirst.subject.internal.web.SuffixList;

/** Every book of one publisher's ISBN block. */
public final class IsbnPrefixRules extends IdentifierRules {
    /** The greatest length: thirteen digits without the check digit and at least one digit for the title. */
    static final int LONGEST = 11;

    private static final int SHORTEST = 5;

    @Override
    protected String read(String plain) {
        String digits = Spelling.compact(Spelling.without(plain, "isbn-prefix", "isbn"));
        if (!Spelling.isDigits(digits)) {
            throw Refusal.CHARACTERS.because(
                    "an ISBN prefix has digits and hyphens only; this is " + Refusal.quote(plain));
        }
        if (digits.startsWith(BarCodes.MUSICLAND)) {
            throw Refusal.SHAPE.because("979-0 is printed music, which has no ISBN");
        }
        if (digits.length() == 13) {
            throw Refusal.SHAPE.because("13 digits are a complete ISBN", "isbn:" + digits);
        }
        if (digits.length() < 4 || digits.length() > 12) {
            throw Refusal.SHAPE.because("an ISBN prefix has four to twelve digits; this has " + digits.length());
        }
        if (!BarCodes.isBook(digits)) {
            throw Refusal.SHAPE.because("an ISBN prefix begins with 978 or 979", "isbn-prefix:978" + digits);
        }
        if (isPlaceholder(digits, digits.length())) {
            throw Placeholders.placeholder("ISBN prefix", plain);
        }
        return "isbn-prefix:" + digits;
    }

    /** Returns true if the first {@code length} digits are 978 or 979 and then seven or more zeros, or nines. */
    private static boolean isPlaceholder(String digits, int length) {
        boolean isFilled = length >= 10 && (digits.charAt(3) == '0' || digits.charAt(3) == '9');
        return isFilled && Placeholders.isRepeated(digits, 3, length);
    }

    @Override
    public int specificity(String value, SuffixList suffixes) {
        return Specificity.prefix(value.length());
    }

    @Override
    public void containers(String value, Containers to) {
        addPrefixes(value, Math.min(value.length() - 1, LONGEST), to);
    }

    /** Adds the prefixes of a number, from that length down. A placeholder is none, because nobody can declare it. */
    static void addPrefixes(String number, int longest, Containers to) {
        for (int length = longest; length >= SHORTEST; length--) {
            if (!isPlaceholder(number, length)) {
                to.add("isbn-prefix", Specificity.prefix(length), number, 0, length);
            }
        }
    }

    @Override
    public void requireDeclarable(String prefix, SuffixList suffixes) {
        int group = groupLength(prefix);
        if (prefix.length() <= group) {
            throw Declarability.undeclarable(
                    Reason.REGISTRATION_GROUP,
                    Refusal.quote(prefix)
                            + " names a country or a language and not a publisher; a publisher's prefix has more than "
                            + group
                            + " digits");
        }
        if (prefix.length() > LONGEST) {
            throw Declarability.undeclarable(
                    Reason.TOO_LONG,
                    "a prefix has at most " + LONGEST + " digits, because the title needs at least one");
        }
    }

    /**
     * Returns the number of digits of an ISBN prefix that name only a country or a language (International ISBN Agency,
     * registration groups). A publisher's prefix must have more.
     */
    private static int groupLength(String prefix) {
        String rest = prefix.substring(3);
        if (!prefix.startsWith(BarCodes.BOOKLAND)) {
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
}
