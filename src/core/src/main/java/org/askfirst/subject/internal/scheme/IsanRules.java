package org.askfirst.subject.internal.scheme;

import java.util.List;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;

/**
 * An audiovisual work (ISO 15706): 16 digits for root and episode, and 8 more for the version unless it is zero,
 * without check characters. Check characters are optional in print, and the two forms of one number must not be two
 * subjects.
 */
public final class IsanRules extends IdentifierRules {
    private static final int WORK = 16;
    private static final int VERSION = 24;
    private static final int ROOT = 12;
    private static final String NO_EPISODE = "0000";
    private static final String NO_VERSION = "00000000";

    @Override
    protected String read(String plain) {
        String code = Spelling.compact(Spelling.without(plain, "urn:isan", "v-isan", "isan"));
        int length = code.length();
        boolean hasWorkCheck =
                length == WORK + 1 || length == VERSION + 2 || (length == VERSION + 1 && !endsInCheck(code));
        String digits = hasWorkCheck ? code.substring(0, WORK) + code.substring(WORK + 1) : code;
        boolean hasVersionCheck = digits.length() == VERSION + 1;
        String bare = hasVersionCheck ? digits.substring(0, VERSION) : digits;
        if ((bare.length() != WORK && bare.length() != VERSION) || !Spelling.isHex(bare)) {
            throw Refusal.SHAPE.because(
                    "an ISAN has 16 hexadecimal digits, or 24 with its version, and a check character"
                            + " after each; this is " + Refusal.quote(plain));
        }
        if (Placeholders.isRepeated(bare, 0, ROOT)) {
            throw Placeholders.placeholder("ISAN", plain);
        }
        if (hasWorkCheck) {
            requireCheck(code.charAt(WORK), bare.substring(0, WORK), plain);
        }
        if (hasVersionCheck) {
            requireCheck(digits.charAt(VERSION), bare, plain);
        }
        return "isan:" + (bare.endsWith(NO_VERSION) && bare.length() == VERSION ? bare.substring(0, WORK) : bare);
    }

    /** Returns true if the last of 25 characters is the check character; otherwise the 17th is. */
    private static boolean endsInCheck(String code) {
        String body = code.substring(0, VERSION);
        return Spelling.isHex(body) && CheckDigits.mod37Radix36(body) == code.charAt(VERSION);
    }

    private static void requireCheck(char is, String digits, String plain) {
        char due = CheckDigits.mod37Radix36(digits);
        if (is != due) {
            throw Refusal.CHECK_DIGIT.because(
                    "ISAN " + Refusal.quote(plain) + " has " + is + " where " + due + " is due",
                    "isan:" + digits + due);
        }
    }

    /** Adds the work of a version, and the series of an episode. */
    @Override
    public void containers(String value, Containers to) {
        if (value.length() > WORK) {
            to.add("isan", Specificity.AROUND, value, 0, WORK);
        }
        String series = value.substring(0, ROOT) + NO_EPISODE;
        if (!value.startsWith(series)) {
            to.add("isan", Specificity.AROUND - 1, series, 0, series.length());
        }
    }

    @Override
    public List<String> labels() {
        return List.of("v-isan");
    }

    @Override
    public List<Shape> shapes() {
        return List.of(Shape.compact(90, "[0-9A-F]{16}(?:[0-9A-Z]|[0-9A-F]{8}|[0-9A-Z][0-9A-F]{8}[0-9A-Z])?"));
    }

    @Override
    public List<String> columnNames() {
        return List.of("isan");
    }
}
