package org.askfirst.subject.internal.text;

import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;

/**
 * Why a text is not a subject: the first words of every detail, so that a reader, a test and another implementation
 * can tell the reasons apart.
 */
public enum Refusal {
    EMPTY("Nothing is there"),
    TOO_LONG("It is too long"),
    UNKNOWN_SCHEME("The scheme is not known"),
    CHARACTERS("It has characters that do not belong"),
    SHAPE("It does not have the right shape"),
    CHECK_DIGIT("The check digit does not fit"),
    HOST("The host cannot be read"),
    NOT_ON_THE_WEB("It is not an address on the web"),
    AMBIGUOUS("It could be more than one thing");

    /** How much of an input a detail repeats, in characters: enough to find it, too little to carry anything. */
    private static final int QUOTED_CHARACTERS = 48;

    private final String lead;

    Refusal(String lead) {
        this.lead = lead;
    }

    /** The words every detail of this kind begins with. */
    public String lead() {
        return lead;
    }

    /** The problem, with what is wrong with this very text. */
    public ProblemException because(String detail) {
        return Problem.MALFORMED_SUBJECT.because(lead + ": " + detail + ".");
    }

    /** The problem, with what was probably meant. */
    public ProblemException because(String detail, String meant) {
        return Problem.MALFORMED_SUBJECT.because(lead + ": " + detail + ". Did you mean " + shorten(meant) + "?");
    }

    /** The input as a detail may repeat it: shortened, in quotation marks, nothing invisible. */
    public static String quote(CharSequence input) {
        return "\u201C" + shorten(input) + "\u201D";
    }

    private static String shorten(CharSequence input) {
        StringBuilder shown = new StringBuilder();
        int index = 0;
        while (index < input.length() && shown.length() < QUOTED_CHARACTERS) {
            int point = Character.codePointAt(input, index);
            index += Character.charCount(point);
            shown.appendCodePoint(isShowable(point) ? point : '\uFFFD');
        }
        return index < input.length() ? shown.append('\u2026').toString() : shown.toString();
    }

    private static boolean isShowable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
