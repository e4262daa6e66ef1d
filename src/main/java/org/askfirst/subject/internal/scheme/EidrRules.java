package org.askfirst.subject;

/** EIDR and ISAN: films, series, broadcasts and their versions. */
final class AudiovisualNumbers {
    /** The DOI prefix of EIDR's content identifiers. */
    static final String EIDR_PREFIX = "10.5240";

    private static final int EIDR_DIGITS = 20;
    private static final int ISAN_WORK = 16;
    private static final int ISAN_VERSION = 24;
    private static final String NO_VERSION = "00000000";

    private AudiovisualNumbers() {}

    static Subject eidr(String plain) {
        String rest = Spelling.without(plain, "urn:eidr", "https://ui.eidr.org/view/content?id=", "eidr");
        rest = DoiNames.withoutResolver(rest);
        rest = Spelling.without(rest, EIDR_PREFIX + "/", EIDR_PREFIX + ":");
        String code = Spelling.compact(rest);
        if (code.length() == EIDR_DIGITS && Spelling.isHex(code)) {
            throw Refusal.SHAPE.because(
                    "the check character of EIDR " + Refusal.quote(plain) + " is missing",
                    "eidr:" + grouped(code + CheckDigits.mod37Radix36(code)));
        }
        if (!isEidr(code)) {
            throw Refusal.SHAPE.because("an EIDR is 10.5240/, twenty hexadecimal digits and a check character; here is "
                    + Refusal.quote(plain));
        }
        String body = code.substring(0, EIDR_DIGITS);
        char due = CheckDigits.mod37Radix36(body);
        if (code.charAt(EIDR_DIGITS) != due) {
            throw Refusal.CHECK_DIGIT.because(
                    "EIDR " + Refusal.quote(plain) + " ends in " + code.charAt(EIDR_DIGITS) + " where " + due
                            + " is due",
                    "eidr:" + grouped(body + due));
        }
        return Subject.of(SubjectScheme.EIDR, grouped(code));
    }

    /** Whether a DOI's suffix has the shape of an EIDR, so that the two are one subject. */
    static boolean isEidr(String compactSuffix) {
        return compactSuffix.length() == EIDR_DIGITS + 1
                && Spelling.isHex(compactSuffix.substring(0, EIDR_DIGITS))
                && Spelling.isAlphanumeric(compactSuffix, EIDR_DIGITS, EIDR_DIGITS + 1);
    }

    private static String grouped(String code) {
        StringBuilder grouped = new StringBuilder(EIDR_PREFIX).append('/');
        for (int i = 0; i < EIDR_DIGITS; i += 4) {
            grouped.append(code, i, i + 4).append('-');
        }
        return grouped.append(code.charAt(EIDR_DIGITS)).toString();
    }

    /**
     * Root and episode (16 digits), and the version (8 more) unless it is zero, without check characters: these are
     * optional in print, and two forms of one number must not be two subjects.
     */
    static Subject isan(String plain) {
        String code = Spelling.compact(Spelling.without(plain, "urn:isan", "v-isan", "isan"));
        int length = code.length();
        boolean hasWorkCheck = length == ISAN_WORK + 1
                || length == ISAN_VERSION + 2
                || (length == ISAN_VERSION + 1 && !endsInCheck(code));
        String digits = hasWorkCheck ? code.substring(0, ISAN_WORK) + code.substring(ISAN_WORK + 1) : code;
        boolean hasVersionCheck = digits.length() == ISAN_VERSION + 1;
        String bare = hasVersionCheck ? digits.substring(0, ISAN_VERSION) : digits;
        if ((bare.length() != ISAN_WORK && bare.length() != ISAN_VERSION) || !Spelling.isHex(bare)) {
            throw Refusal.SHAPE.because(
                    "an ISAN has 16 hexadecimal digits, or 24 with its version, and a check character"
                            + " after each; here is " + Refusal.quote(plain));
        }
        if (hasWorkCheck) {
            requireCheck(code.charAt(ISAN_WORK), bare.substring(0, ISAN_WORK), plain);
        }
        if (hasVersionCheck) {
            requireCheck(digits.charAt(ISAN_VERSION), bare, plain);
        }
        return Subject.of(
                SubjectScheme.ISAN,
                bare.endsWith(NO_VERSION) && bare.length() == ISAN_VERSION ? bare.substring(0, ISAN_WORK) : bare);
    }

    /** Of 25 characters either the 17th or the last is a check character. */
    private static boolean endsInCheck(String code) {
        String body = code.substring(0, ISAN_VERSION);
        return Spelling.isHex(body) && CheckDigits.mod37Radix36(body) == code.charAt(ISAN_VERSION);
    }

    private static void requireCheck(char is, String digits, String plain) {
        char due = CheckDigits.mod37Radix36(digits);
        if (is != due) {
            throw Refusal.CHECK_DIGIT.because(
                    "ISAN " + Refusal.quote(plain) + " has " + is + " where " + due + " is due",
                    "isan:" + digits + due);
        }
    }
}
