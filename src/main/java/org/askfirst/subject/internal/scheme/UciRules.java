package org.askfirst.subject;

/**
 * UCI, and the two Korean numbers without a public format: the integrated copyright number (ICN) and the registration
 * number of the Korea Copyright Commission.
 */
final class KoreanNumbers {
    private static final int MAX_LENGTH = 256;
    private static final String INSTANCE_MARKS = "()+,-.=@;$_!*'%:";

    private KoreanNumbers() {}

    /**
     * RFC 4179: a prefix (letters and digits, with at most one colon and one plus), a hyphen, an instance, and perhaps a
     * colon and qualifiers. Kept in upper case: registrars write one prefix in both.
     */
    static Subject uci(String plain) {
        String code = unlabelled(plain);
        if (code.indexOf('#') >= 0 || code.startsWith("01:")) {
            throw Refusal.SHAPE.because(
                    Refusal.quote(plain) + " is a vaccination certificate's identifier, not that of a work");
        }
        int end = prefixEnd(code);
        if (end <= 0 || end >= code.length() - 1 || code.charAt(end) != '-' || code.charAt(end + 1) == ':') {
            throw Refusal.SHAPE.because("a UCI is a prefix, a hyphen and an instance, as"
                    + " I410-ECN-0102-2023-500-000819813; here is " + Refusal.quote(plain));
        }
        requireCharacters(code, end, plain);
        return Subject.of(SubjectScheme.UCI, bounded(code));
    }

    static Subject uciPrefix(String plain) {
        String code = unlabelled(plain);
        code = code.endsWith("-") ? code.substring(0, code.length() - 1) : code;
        int end = prefixEnd(code);
        if (end <= 0 || (end < code.length() && code.charAt(end) != '-') || code.endsWith("-")) {
            throw Refusal.SHAPE.because(
                    "a UCI prefix is letters and digits, as I410 or I410-ECN; here is " + Refusal.quote(plain));
        }
        requireCharacters(code, end, plain);
        if (code.indexOf(':', end) >= 0) {
            throw Refusal.SHAPE.because("a UCI prefix has no qualifier; here is " + Refusal.quote(plain));
        }
        return Subject.of(SubjectScheme.UCI_PREFIX, bounded(code));
    }

    /** Where 1*AN [":" 1*AN] ["+" 1*AN] ends; zero if it does not begin. */
    static int prefixEnd(String code) {
        int end = lettersEnd(code, 0);
        for (char mark : new char[] {':', '+'}) {
            if (end > 0 && end < code.length() && code.charAt(end) == mark) {
                int next = lettersEnd(code, end + 1);
                end = next == end + 1 ? end : next;
            }
        }
        return end;
    }

    private static int lettersEnd(String code, int start) {
        int i = start;
        while (i < code.length() && Spelling.isAlphanumeric(code, i, i + 1)) {
            i++;
        }
        return i;
    }

    private static void requireCharacters(String code, int start, String plain) {
        for (int i = start; i < code.length(); i++) {
            if (!Spelling.isAlphanumeric(code, i, i + 1) && INSTANCE_MARKS.indexOf(code.charAt(i)) < 0) {
                throw Refusal.CHARACTERS.because("a UCI cannot have " + Refusal.quote(code.substring(i, i + 1))
                        + "; here is " + Refusal.quote(plain));
            }
        }
    }

    static Subject icn(String plain) {
        return Subject.of(SubjectScheme.ICN, bounded(oneSpaced(plain)));
    }

    static Subject kcc(String plain) {
        return Subject.of(SubjectScheme.KCC, bounded(oneSpaced(plain)));
    }

    /** A label ends in a colon or a space: without one it could be the beginning of a prefix. */
    private static String unlabelled(String plain) {
        String code = plain;
        int length;
        do {
            length = code.length();
            code = Spelling.without(code, "urn:uci:", "uci:", "uci ");
        } while (code.length() < length);
        return Spelling.upper(code);
    }

    private static String oneSpaced(String plain) {
        return plain.replaceAll("\\s+", " ");
    }

    private static String bounded(String code) {
        if (code.length() > MAX_LENGTH) {
            throw Refusal.TOO_LONG.because("it may have " + MAX_LENGTH + " characters");
        }
        return code;
    }
}
