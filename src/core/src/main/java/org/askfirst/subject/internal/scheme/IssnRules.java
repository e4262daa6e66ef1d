package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/** A serial (ISO 3297). */
public final class IssnRules extends IdentifierRules {
    @Override
    protected String read(String plain) {
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
        if (number.length() == 13 && Spelling.isDigits(number) && number.startsWith(BarCodes.SERIALS)) {
            BarCodes.requireGs1(number, plain, "ISSN");
            String serial = BarCodes.serial(number);
            BarCodes.refusePlaceholderOfSerial(serial, "ISSN", plain);
            return "issn:" + serial;
        }
        if (number.length() != 8 || !BarCodes.isDigitsOrX(number)) {
            throw Refusal.SHAPE.because(
                    "an ISSN has eight digits, of which the last may be X; this is " + Refusal.quote(plain));
        }
        BarCodes.refusePlaceholderOfSerial(number, "ISSN", plain);
        String body = number.substring(0, 7);
        char due = CheckDigits.modulo11(body);
        if (number.charAt(7) != due) {
            throw BarCodes.wrongCheckDigit("ISSN", plain, number.charAt(7), due, "issn:" + body + due);
        }
        return "issn:" + number;
    }

    @Override
    public List<String> labels() {
        return List.of("e-issn", "eissn", "p-issn", "pissn", "issn-l");
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.compact(70, "[0-9]{7}[0-9X]"));
    }

    @Override
    public List<Resolver> resolvers() {
        return List.of(new Resolver("portal.issn.org", "resource/issn/"));
    }

    @Override
    public List<String> columnNames() {
        return List.of("issn", "eissn", "pissn", "issn번호", "국제표준연속간행물번호");
    }
}
