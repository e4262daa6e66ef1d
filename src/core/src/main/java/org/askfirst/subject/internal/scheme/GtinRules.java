package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/** A traded product (GS1) that is neither a book nor printed music. */
public final class GtinRules extends IdentifierRules {
    @Override
    protected String read(String plain) {
        String number = Spelling.compact(Spelling.without(
                plain,
                "https://id.gs1.org/01/",
                "urn:gtin",
                "gtin-14",
                "gtin-13",
                "gtin-12",
                "gtin-8",
                "gtin",
                "(01)"));
        if (!Spelling.isDigits(number)) {
            throw Refusal.CHARACTERS.because("a GTIN has digits only; this is " + Refusal.quote(plain));
        }
        if (number.length() != 8 && (number.length() < 12 || number.length() > 14)) {
            throw Refusal.SHAPE.because("a GTIN has 8, 12, 13 or 14 digits; this has " + number.length());
        }
        String padded = "0".repeat(14 - number.length()) + number;
        refusePlaceholder(padded, plain);
        BarCodes.requireGs1(padded, plain, "GTIN");
        if (padded.charAt(0) == '0' && BarCodes.isBook(padded.substring(1))) {
            return BarCodes.bookOrScore(padded.substring(1), plain, "GTIN");
        }
        return "gtin:" + padded;
    }

    private static void refusePlaceholder(String padded, String plain) {
        Placeholders.refuse(padded, "GTIN", plain);
        int zeros = 0;
        while (padded.charAt(zeros) == '0') {
            zeros++;
        }
        String number = padded.substring(zeros);
        if (number.length() >= 7) {
            Placeholders.refuse(number, "GTIN", plain);
            if (Placeholders.isSequence(number.substring(0, number.length() - 1))) {
                throw Placeholders.placeholder("GTIN", plain);
            }
        }
        if (padded.startsWith("0" + BarCodes.SERIALS)) {
            BarCodes.refusePlaceholderOfSerial(BarCodes.serial(padded.substring(1)), "GTIN", plain);
        }
    }

    /** Adds the serial of which this product is an issue. */
    @Override
    public void containers(String value, Containers to) {
        if (value.startsWith("0" + BarCodes.SERIALS)) {
            String serial = BarCodes.serial(value.substring(1));
            to.add("issn", Specificity.AROUND, serial, 0, serial.length());
        }
    }

    @Override
    public List<String> labels() {
        return List.of("ean", "upc");
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.compact(110, "[0-9]{12,14}|[0-9]{8}"));
    }

    @Override
    public List<Resolver> resolvers() {
        return List.of(new Resolver("id.gs1.org", "01/"));
    }

    @Override
    public List<String> columnNames() {
        return List.of("gtin", "ean", "ean13", "upc", "barcode", "바코드", "상품바코드");
    }
}
