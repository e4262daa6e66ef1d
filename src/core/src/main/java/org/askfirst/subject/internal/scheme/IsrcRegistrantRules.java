package org.askfirst.subject.internal.scheme;

import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;
import org.askfirst.subject.internal.web.SuffixList;

/** Every recording numbered by one ISRC registrant. */
public final class IsrcRegistrantRules extends IdentifierRules {
    @Override
    protected String read(String plain) {
        String code = Spelling.compact(plain);
        if (!isRegistrant(code)) {
            code = Spelling.compact(Spelling.without(plain, "isrc"));
        }
        if (!isRegistrant(code)) {
            throw Refusal.SHAPE.because(
                    "an ISRC registrant is two letters and three letters or digits; this is " + Refusal.quote(plain));
        }
        return "isrc-registrant:" + code;
    }

    static boolean isRegistrant(String code) {
        return code.length() == 5
                && Spelling.isAlphanumeric(code, 0, 5)
                && code.charAt(0) >= 'A'
                && code.charAt(1) >= 'A';
    }

    @Override
    public int specificity(String value, SuffixList suffixes) {
        return Specificity.prefix(value.length());
    }
}
