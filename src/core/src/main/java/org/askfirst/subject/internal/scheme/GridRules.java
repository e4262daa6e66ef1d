package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/** A release of recordings (Global Release Identifier). */
public final class GridRules extends IdentifierRules {
    @Override
    protected String read(String plain) {
        String code = Spelling.compact(Spelling.without(plain, "urn:grid", "grid"));
        if (code.length() != 18 || !code.startsWith("A1") || !Spelling.isAlphanumeric(code, 0, 18)) {
            throw Refusal.SHAPE.because(
                    "a GRid is A1 and sixteen more letters and digits; this is " + Refusal.quote(plain));
        }
        if (Placeholders.isRepeated(code, 2, 17)) {
            throw Placeholders.placeholder("GRid", plain);
        }
        char due = CheckDigits.mod37Radix36(code.substring(0, 17));
        if (code.charAt(17) != due) {
            throw Refusal.CHECK_DIGIT.because(
                    "GRid " + Refusal.quote(plain) + " ends in " + code.charAt(17) + " where " + due + " is due",
                    "grid:" + code.substring(0, 17) + due);
        }
        return "grid:" + code;
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.compact(20, "A1[0-9A-Z]{16}"));
    }

    @Override
    public List<String> columnNames() {
        return List.of("grid");
    }
}
