package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;
import org.askfirst.subject.internal.web.SuffixList;

/** Every work that is asked together with this creator (ISO 27729). An ORCID is an ISNI from a reserved range. */
public final class IsniRules extends IdentifierRules {
    @Override
    protected String read(String plain) {
        String rest = Spelling.without(plain, "https://", "http://");
        rest = Spelling.without(
                rest,
                "isni.org/isni/",
                "isni.org/page/",
                "isni.org/",
                "www.isni.org/isni/",
                "www.isni.org/page/",
                "www.isni.org/",
                "orcid.org/",
                "www.orcid.org/",
                "urn:isni",
                "isni",
                "orcid");
        String number = Spelling.compact(rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest);
        if (number.length() != 16 || !Spelling.isDigits(number, 0, 15)) {
            throw Refusal.SHAPE.because(
                    "an ISNI has sixteen digits, of which the last may be X; this is " + Refusal.quote(plain));
        }
        Placeholders.refuse(number, "ISNI", plain);
        char due = CheckDigits.mod11Radix2(number.substring(0, 15));
        if (number.charAt(15) != due) {
            throw BarCodes.wrongCheckDigit(
                    "ISNI", plain, number.charAt(15), due, "isni:" + number.substring(0, 15) + due);
        }
        return "isni:" + number;
    }

    @Override
    public int specificity(String value, SuffixList suffixes) {
        return Specificity.CREATOR;
    }

    @Override
    public List<String> labels() {
        return List.of("orcid");
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.compact(80, "0000[0-9]{11}[0-9X]"));
    }

    @Override
    public List<Resolver> resolvers() {
        return List.of(
                new Resolver("isni.org", "isni/"),
                new Resolver("isni.org", "page/"),
                new Resolver("isni.org", ""),
                new Resolver("orcid.org", ""));
    }
}
