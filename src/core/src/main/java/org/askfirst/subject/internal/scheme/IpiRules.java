package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;
import org.askfirst.subject.internal.web.SuffixList;

/**
 * Every work that is asked together with this creator, by the societies' name number or base number. A base number is
 * I, nine digits and a check digit whose rule is not public.
 */
public final class IpiRules extends IdentifierRules {
    @Override
    protected String read(String plain) {
        String number = Spelling.compact(Spelling.without(plain, "ipi base", "ipi name", "ipi", "cae"))
                .replace(".", "");
        if (number.startsWith("I") && number.length() == 11 && Spelling.isDigits(number, 1, 11)) {
            Placeholders.refuse(number.substring(1), "IPI", plain);
            return "ipi:" + number;
        }
        if (!Spelling.isDigits(number) || number.length() < 3 || number.length() > 11) {
            throw Refusal.SHAPE.because(
                    "an IPI name number has eleven digits, a base number has I and ten digits; this is "
                            + Refusal.quote(plain));
        }
        String padded = "0".repeat(11 - number.length()) + number;
        String body = padded.substring(0, 9);
        Placeholders.refuse(padded.substring(0, 10), "IPI", plain);
        String due = CheckDigits.ipi(body);
        if (!padded.endsWith(due)) {
            throw Refusal.checkDigit("IPI", plain, padded.substring(9), due, "ipi:" + body + due);
        }
        return "ipi:" + padded;
    }

    @Override
    public int specificity(String value, SuffixList suffixes) {
        return Specificity.CREATOR;
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.written(60, "I-[0-9]{9}-[0-9]"), Shape.compact(120, "[0-9]{11}"));
    }
}
