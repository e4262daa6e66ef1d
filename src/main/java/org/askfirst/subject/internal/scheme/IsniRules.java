package org.askfirst.subject;

/** ISNI and IPI: who made a work. */
final class PartyNumbers {
    private PartyNumbers() {}

    /** ISO 27729; an ORCID is an ISNI of a reserved range. */
    static Subject isni(String plain) {
        String rest = Spelling.without(plain, "https://", "http://");
        rest = Spelling.without(
                rest,
                "isni.org/isni/",
                "www.isni.org/isni/",
                "www.isni.org/",
                "orcid.org/",
                "urn:isni",
                "isni",
                "orcid");
        String number = Spelling.compact(rest);
        if (number.length() != 16 || !Spelling.isDigits(number, 0, 15)) {
            throw Refusal.SHAPE.because(
                    "an ISNI has sixteen digits, of which the last may be X; here is " + Refusal.quote(plain));
        }
        char due = CheckDigits.mod11Radix2(number.substring(0, 15));
        if (number.charAt(15) != due) {
            throw Refusal.CHECK_DIGIT.because(
                    "ISNI " + Refusal.quote(plain) + " ends in " + number.charAt(15) + " where " + due + " is due",
                    "isni:" + number.substring(0, 15) + due);
        }
        return Subject.of(SubjectScheme.ISNI, number);
    }

    /** The name number, or the base number (I, nine digits and one more, whose check rule is not public). */
    static Subject ipi(String plain) {
        String number = Spelling.compact(Spelling.without(plain, "ipi base", "ipi name", "ipi", "cae"))
                .replace(".", "");
        if (number.startsWith("I") && number.length() == 11 && Spelling.isDigits(number, 1, 11)) {
            return Subject.of(SubjectScheme.IPI, number);
        }
        if (!Spelling.isDigits(number) || number.length() < 3 || number.length() > 11) {
            throw Refusal.SHAPE.because(
                    "an IPI name number has eleven digits, a base number I and ten; here is " + Refusal.quote(plain));
        }
        String padded = "0".repeat(11 - number.length()) + number;
        String body = padded.substring(0, 9);
        String due = CheckDigits.ipi(body);
        if (!padded.endsWith(due)) {
            throw Refusal.CHECK_DIGIT.because(
                    "IPI " + Refusal.quote(plain) + " ends in " + padded.substring(9) + " where " + due + " is due",
                    "ipi:" + body + due);
        }
        return Subject.of(SubjectScheme.IPI, padded);
    }
}
