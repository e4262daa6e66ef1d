package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/**
 * Korean digital content (Universal Content Identifier, RFC 4179): a prefix (letters and digits, with at most one colon
 * and one plus), a hyphen, an instance, and optionally a colon and qualifiers. Stored in upper case, because registrars
 * write one prefix in both cases.
 */
public final class UciRules extends IdentifierRules {
    private static final String INSTANCE_MARKS = "()+,-.=@;$_!*'%:";

    @Override
    protected String read(String plain) {
        String code = withoutLabel(plain);
        if (code.indexOf('#') >= 0 || code.startsWith("01:")) {
            throw Refusal.SHAPE.because(Refusal.quote(plain) + " identifies a vaccination certificate and not a work");
        }
        int end = prefixEnd(code);
        if (end <= 0 || end >= code.length() - 1 || code.charAt(end) != '-' || code.charAt(end + 1) == ':') {
            throw Refusal.SHAPE.because("a UCI is a prefix, a hyphen and an instance, such as"
                    + " I410-ECN-0102-2023-500-000819813; here is " + Refusal.quote(plain));
        }
        requireCharacters(code, end, plain);
        if (isPlaceholder(code, end + 1)) {
            throw Placeholders.placeholder("UCI", plain);
        }
        return "uci:" + KoreanNumbers.requireBounded(code);
    }

    /** Returns the end of 1*AN [":" 1*AN] ["+" 1*AN]; zero if the code does not begin so. */
    static int prefixEnd(String code) {
        int end = lettersEnd(code, 0);
        for (char mark : new char[] {':', '+'}) {
            if (end > 0 && end < code.length() && code.charAt(end) == mark) {
                int next = lettersEnd(code, end + 1);
                end = next == end + 1 ? end : next;
            }
        }
        return end;
    }

    /** Returns true if the instance without its qualifiers has only zeros, four or more, beside its marks. */
    private static boolean isPlaceholder(String code, int start) {
        int zeros = 0;
        for (int i = start; i < code.length() && code.charAt(i) != ':'; i++) {
            if (Spelling.isAlphanumeric(code, i, i + 1)) {
                if (code.charAt(i) != '0') {
                    return false;
                }
                zeros++;
            }
        }
        return zeros >= 4;
    }

    private static int lettersEnd(String code, int start) {
        int i = start;
        while (i < code.length() && Spelling.isAlphanumeric(code, i, i + 1)) {
            i++;
        }
        return i;
    }

    static void requireCharacters(String code, int start, String plain) {
        for (int i = start; i < code.length(); i++) {
            if (!Spelling.isAlphanumeric(code, i, i + 1) && INSTANCE_MARKS.indexOf(code.charAt(i)) < 0) {
                throw Refusal.CHARACTERS.because("a UCI cannot have " + Refusal.quote(code.substring(i, i + 1))
                        + "; this is " + Refusal.quote(plain));
            }
        }
    }

    /**
     * Returns the code without its label. A label must end in a colon or a space; otherwise it could be the beginning
     * of a prefix.
     */
    static String withoutLabel(String plain) {
        String code = plain;
        int length;
        do {
            length = code.length();
            code = Spelling.without(code, "urn:uci:", "uci:", "uci ");
        } while (code.length() < length);
        return Spelling.upper(code);
    }

    @Override
    public void containers(String value, Containers to) {
        int qualifier = value.indexOf(':', prefixEnd(value));
        if (qualifier > 0) {
            to.add("uci", Specificity.AROUND, value, 0, qualifier);
        }
        UciPrefixRules.addPrefixes(value, to);
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.written(40, "[A-Z][0-9]{3}(?:[:+][A-Z0-9]+)*-[A-Z0-9].*"));
    }

    @Override
    public List<String> columnNames() {
        return List.of("uci", "uci코드", "uci번호");
    }
}
