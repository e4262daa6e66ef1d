package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/** A musical work (ISO 15707). */
public final class IswcRules extends IdentifierRules {
    @Override
    protected String read(String plain) {
        String code =
                Spelling.compact(Spelling.without(plain, "urn:iswc", "iswc")).replace(".", "");
        if (code.length() == 10) {
            code = "T" + code;
        }
        if (code.length() != 11 || code.charAt(0) != 'T' || !Spelling.isDigits(code, 1, 11)) {
            throw Refusal.SHAPE.because("an ISWC is T and ten digits; this is " + Refusal.quote(plain));
        }
        Placeholders.refuse(code.substring(1), "ISWC", plain);
        char due = CheckDigits.iswc(code.substring(1, 10));
        if (code.charAt(10) != due) {
            throw BarCodes.wrongCheckDigit("ISWC", plain, code.charAt(10), due, "iswc:" + code.substring(0, 10) + due);
        }
        return "iswc:" + code;
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.written(50, "T[-. ]?[0-9]{3}[-. ]?[0-9]{3}[-. ]?[0-9]{3}[-. ]?[0-9]"));
    }

    @Override
    public List<String> columnNames() {
        return List.of("iswc", "iswc코드", "iswc번호", "국제표준음악저작물코드");
    }
}
