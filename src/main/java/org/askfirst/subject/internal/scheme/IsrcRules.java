package org.askfirst.subject;

/** ISRC, ISWC and GRid: recordings, musical works and releases. */
final class MusicNumbers {
    private MusicNumbers() {}

    /** ISO 3901: two letters, three letters or digits, seven digits; it has no check digit. */
    static Subject isrc(String plain) {
        String code = Spelling.compact(plain);
        // The whole first: ISRC1 is also how the codes of an Icelandic registrant may begin.
        if (!isIsrc(code)) {
            code = Spelling.compact(Spelling.without(plain, "urn:isrc", "isrc"));
        }
        if (!isIsrc(code)) {
            throw Refusal.SHAPE.because("an ISRC is two letters, three letters or digits and seven digits; here is "
                    + Refusal.quote(plain));
        }
        return Subject.of(SubjectScheme.ISRC, code);
    }

    static Subject isrcRegistrant(String plain) {
        String code = Spelling.compact(plain);
        if (!isRegistrant(code)) {
            code = Spelling.compact(Spelling.without(plain, "isrc"));
        }
        if (!isRegistrant(code)) {
            throw Refusal.SHAPE.because(
                    "an ISRC registrant is two letters and three letters or digits; here is " + Refusal.quote(plain));
        }
        return Subject.of(SubjectScheme.ISRC_REGISTRANT, code);
    }

    private static boolean isIsrc(String code) {
        return code.length() == 12 && isRegistrant(code.substring(0, 5)) && Spelling.isDigits(code, 5, 12);
    }

    private static boolean isRegistrant(String code) {
        return code.length() == 5
                && Spelling.isAlphanumeric(code, 0, 5)
                && code.charAt(0) >= 'A'
                && code.charAt(1) >= 'A';
    }

    static Subject iswc(String plain) {
        String code =
                Spelling.compact(Spelling.without(plain, "urn:iswc", "iswc")).replace(".", "");
        if (code.length() == 10) {
            code = "T" + code;
        }
        if (code.length() != 11 || code.charAt(0) != 'T' || !Spelling.isDigits(code, 1, 11)) {
            throw Refusal.SHAPE.because("an ISWC is T and ten digits; here is " + Refusal.quote(plain));
        }
        char due = CheckDigits.iswc(code.substring(1, 10));
        if (code.charAt(10) != due) {
            throw Refusal.CHECK_DIGIT.because(
                    "ISWC " + Refusal.quote(plain) + " ends in " + code.charAt(10) + " where " + due + " is due",
                    "iswc:" + code.substring(0, 10) + due);
        }
        return Subject.of(SubjectScheme.ISWC, code);
    }

    static Subject grid(String plain) {
        String code = Spelling.compact(Spelling.without(plain, "urn:grid", "grid"));
        if (code.length() != 18 || !code.startsWith("A1") || !Spelling.isAlphanumeric(code, 0, 18)) {
            throw Refusal.SHAPE.because(
                    "a GRid is A1 and sixteen more letters and digits; here is " + Refusal.quote(plain));
        }
        char due = CheckDigits.mod37Radix36(code.substring(0, 17));
        if (code.charAt(17) != due) {
            throw Refusal.CHECK_DIGIT.because(
                    "GRid " + Refusal.quote(plain) + " ends in " + code.charAt(17) + " where " + due + " is due",
                    "grid:" + code.substring(0, 17) + due);
        }
        return Subject.of(SubjectScheme.GRID, code);
    }
}
