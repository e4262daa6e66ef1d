package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/** A recording (ISO 3901): two letters, three letters or digits, seven digits; it has no check digit. */
public final class IsrcRules extends IdentifierRules {
    @Override
    protected String read(String plain) {
        String code = Spelling.compact(plain);
        // Tries the whole text first: the codes of an Icelandic registrant may begin with ISRC1.
        if (!isIsrc(code)) {
            code = Spelling.compact(Spelling.without(plain, "urn:isrc", "isrc"));
        }
        if (!isIsrc(code)) {
            throw Refusal.SHAPE.because("an ISRC is two letters, three letters or digits and seven digits; this is "
                    + Refusal.quote(plain));
        }
        if ((code.charAt(5) == '0' || code.charAt(5) == '9') && Placeholders.isRepeated(code, 5, 12)) {
            throw Placeholders.placeholder("ISRC", plain);
        }
        return "isrc:" + code;
    }

    private static boolean isIsrc(String code) {
        return code.length() == 12
                && IsrcRegistrantRules.isRegistrant(code.substring(0, 5))
                && Spelling.isDigits(code, 5, 12);
    }

    @Override
    public void containers(String value, Containers to) {
        to.add("isrc-registrant", Specificity.prefix(5), value, 0, 5);
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.compact(50, "[A-Z]{2}[A-Z0-9]{3}[0-9]{7}"));
    }

    @Override
    public List<String> columnNames() {
        return List.of("isrc", "isrc코드", "isrc번호", "isrccode", "국제표준녹음코드");
    }
}
