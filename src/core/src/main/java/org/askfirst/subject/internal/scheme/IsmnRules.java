package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/** Printed music (ISO 10957). */
public final class IsmnRules extends IdentifierRules {
    @Override
    protected String read(String plain) {
        String number = Spelling.compact(Spelling.without(plain, "urn:ismn", "ismn"));
        if (number.startsWith("M")) {
            number = BarCodes.MUSICLAND + number.substring(1);
        }
        if (number.length() != 13 || !Spelling.isDigits(number) || !number.startsWith(BarCodes.MUSICLAND)) {
            throw Refusal.SHAPE.because(
                    "an ISMN is 979-0 and nine digits, or M and nine digits; this is " + Refusal.quote(plain));
        }
        return BarCodes.bookOrScore(number, plain, "ISMN");
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.compact(30, "M[0-9]{9}"));
    }

    @Override
    public List<String> columnNames() {
        return List.of("ismn");
    }
}
