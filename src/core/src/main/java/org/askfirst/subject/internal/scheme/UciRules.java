package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/**
 * Korean digital content (Universal Content Identifier, RFC 4179): a prefix (letters and digits, with at most one colon and
 * one plus), a hyphen, an instance, and perhaps a colon and qualifiers. Kept in upper case: registrars write one prefix in
 * both.
 */
public final class UciRules extends IdentifierRules {
    private static final String INSTANCE_MARKS = "()+,-.=@;$_!*'%:";

    @Override
    protected String read(String plain) {
        String code = unlabelled(plain);
        if (code.indexOf('#') >= 0 || code.startsWith("01:")) {
            throw Refusal.SHAPE.because(
                    Refusal.quote(plain) + " is a vaccination certificate's identifier, not that of a work");
        }
        int end = prefixEnd(code);
        if (end <= 0 || end >= code.length() - 1 || code.charAt(end) != '-' || code.charAt(end + 1) == ':') {
            throw Refusal.SHAPE.because("a UCI is a prefix, a hyphen and an instance, as"
                    + " I410-ECN-0102-2023-500-000819813; here is " + Refusal.quote(plain));
        }
        requireCharacters(code, end, plain);
        return "uci:" + KoreanNumbers.bounded(code);
    }

    /** Where 1*AN [":" 1*AN] ["+" 1*AN] ends; zero if it does not begin. */
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
                        + "; here is " + Refusal.quote(plain));
            }
        }
    }

    /** A label ends in a colon or a space: without one it could be the beginning of a prefix. */
    static String unlabelled(String plain) {
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
