package org.askfirst.subject.internal.text;

import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Why a text is not a subject: the first words of every detail, so that a reader, a test and another implementation
 * can tell the reasons apart.
 */
public enum Refusal {
    EMPTY(Reason.EMPTY, "Nothing is there"),
    TOO_LONG(Reason.TOO_LONG, "It is too long"),
    UNKNOWN_SCHEME(Reason.UNKNOWN_SCHEME, "The scheme is not known"),
    CHARACTERS(Reason.WRONG_CHARACTERS, "It has characters that do not belong"),
    SHAPE(Reason.WRONG_SHAPE, "It does not have the right shape"),
    CHECK_DIGIT(Reason.WRONG_CHECK_DIGIT, "The check digit does not fit"),
    HOST(Reason.UNREADABLE_HOST, "The host cannot be read"),
    NOT_ON_THE_WEB(Reason.NOT_ON_THE_WEB, "It is not an address on the web"),
    AMBIGUOUS(Reason.AMBIGUOUS, "It could be more than one thing");

    /** How much of an input a detail repeats, in characters: enough to find it, too little to carry anything. */
    private static final int QUOTED_CHARACTERS = 48;

    /** No longer value is suggested: it would be an answer as long as the question. */
    private static final int LONGEST_SUGGESTION = 2048;

    private final Reason reason;
    private final String lead;

    Refusal(Reason reason, String lead) {
        this.reason = reason;
        this.lead = lead;
    }

    /** The kind of fault, as the contract names it. */
    public Reason reason() {
        return reason;
    }

    /** The words every detail of this kind begins with. */
    public String lead() {
        return lead;
    }

    /** The problem, with what is wrong with this very text. */
    public ProblemException because(String detail) {
        return Problem.MALFORMED_SUBJECT.at("", reason, lead + ": " + detail + ".");
    }

    /** The problem, with what was probably meant. */
    public ProblemException because(String detail, String meant) {
        boolean isSendable =
                meant.length() <= LONGEST_SUGGESTION && meant.codePoints().allMatch(Refusal::isShowable);
        return because(detail, shorten(meant), isSendable ? meant : null);
    }

    /** The problem, with what was probably meant in words, and as a value if there is one. */
    public ProblemException because(String detail, String meant, @Nullable String suggestion) {
        return Problem.MALFORMED_SUBJECT.at(
                "", reason, lead + ": " + detail + ". Did you mean " + meant + "?", suggestion);
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
