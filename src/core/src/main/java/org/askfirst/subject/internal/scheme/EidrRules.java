package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/** A film or a broadcast, by the Entertainment Identifier Registry. */
public final class EidrRules extends IdentifierRules {
    /** The DOI prefix of EIDR's content identifiers. */
    static final String PREFIX = "10.5240";

    private static final int DIGITS = 20;

    @Override
    protected String read(String plain) {
        return canonical(plain);
    }

    static String canonical(String plain) {
        String rest = Spelling.without(plain, "urn:eidr", "https://ui.eidr.org/view/content?id=", "eidr");
        rest = DoiRules.withoutResolver(rest);
        rest = Spelling.without(rest, PREFIX + "/", PREFIX + ":");
        String code = Spelling.compact(rest);
        if (code.length() >= DIGITS && Placeholders.isRepeated(code, 0, DIGITS)) {
            throw Placeholders.placeholder("EIDR", plain);
        }
        if (code.length() == DIGITS && Spelling.isHex(code)) {
            throw Refusal.SHAPE.because(
                    "the check character of EIDR " + Refusal.quote(plain) + " is missing",
                    "eidr:" + group(code + CheckDigits.mod37Radix36(code)));
        }
        if (!isEidr(code)) {
            throw Refusal.SHAPE.because("an EIDR is 10.5240/, twenty hexadecimal digits and a check character; this is "
                    + Refusal.quote(plain));
        }
        String body = code.substring(0, DIGITS);
        char due = CheckDigits.mod37Radix36(body);
        if (code.charAt(DIGITS) != due) {
            throw Refusal.CHECK_DIGIT.because(
                    "EIDR " + Refusal.quote(plain) + " ends in " + code.charAt(DIGITS) + " where " + due + " is due",
                    "eidr:" + group(body + due));
        }
        return "eidr:" + group(code);
    }

    /** Returns true if the suffix of a DOI has the shape of an EIDR, so that both are one subject. */
    static boolean isEidr(String compactSuffix) {
        return compactSuffix.length() == DIGITS + 1
                && Spelling.isHex(compactSuffix.substring(0, DIGITS))
                && Spelling.isAlphanumeric(compactSuffix, DIGITS, DIGITS + 1);
    }

    private static String group(String code) {
        StringBuilder groups = new StringBuilder(PREFIX).append('/');
        for (int i = 0; i < DIGITS; i += 4) {
            groups.append(code, i, i + 4).append('-');
        }
        return groups.append(code.charAt(DIGITS)).toString();
    }

    @Override
    public void containers(String value, Containers to) {
        DoiPrefixRules.addPrefixes(value, value.indexOf('/'), to);
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.compact(100, "[0-9A-F]{20}[0-9A-Z]"));
    }

    @Override
    public List<String> columnNames() {
        return List.of("eidr", "eidrid");
    }
}
