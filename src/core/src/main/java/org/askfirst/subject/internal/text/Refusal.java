package org.askfirst.subject.internal.text;

import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The reasons for which a text is not a subject. Each has the first words of its details, so that a reader, a test and
 * another implementation can tell the reasons apart.
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
    WILDCARD(Reason.WILDCARD, "It has a wildcard"),
    PLACEHOLDER(Reason.PLACEHOLDER, "It is a placeholder"),
    SEVERAL(Reason.SEVERAL_SUBJECTS, "It is more than one subject"),
    AMBIGUOUS(Reason.AMBIGUOUS, "It could be more than one thing");

    /**
     * The number of characters of the input that a detail repeats: enough to find it, and too few to transport
     * anything.
     */
    private static final int QUOTED_CHARACTERS = 48;

    /** The greatest length of a suggestion. A longer one would make the answer as long as the request. */
    private static final int LONGEST_SUGGESTION = 2048;

    private final Reason reason;
    private final String lead;

    Refusal(Reason reason, String lead) {
        this.reason = reason;
        this.lead = lead;
    }

    /** Returns the kind of fault, as the contract names it. */
    public Reason reason() {
        return reason;
    }

    /** Returns the first words of every detail of this kind. */
    public String lead() {
        return lead;
    }

    /** Returns the problem with a description of the fault in this text. */
    public ProblemException because(String detail) {
        return Problem.MALFORMED_SUBJECT.at("", reason, lead + ": " + detail + ".");
    }

    /** Returns the problem with a description and the value that was probably meant. */
    public ProblemException because(String detail, String meant) {
        boolean isSendable =
                meant.length() <= LONGEST_SUGGESTION && meant.codePoints().allMatch(Refusal::isShowable);
        return because(detail, shorten(meant), isSendable ? meant : null);
    }

    /**
     * Returns the problem with a description and the probable meaning in words.
     *
     * @param suggestion the value that was probably meant; null if there is none
     */
    public ProblemException because(String detail, String meant, @Nullable String suggestion) {
        return Problem.MALFORMED_SUBJECT.at(
                "", reason, lead + ": " + detail + ". Did you mean " + meant + "?", suggestion);
    }

    /**
     * Returns the problem of a check digit, with the number that was probably meant. Nothing is suggested if the number
     * can be a date, a telephone number or a number of a person.
     *
     * @param what the name of the number, such as ISBN
     * @param is the check digit as it was written
     * @param due the check digit that fits
     */
    public static ProblemException checkDigit(String what, String plain, String is, String due, String meant) {
        return EverydayNumbers.isPossible(plain)
                ? CHECK_DIGIT.because("this is no " + what)
                : CHECK_DIGIT.because(
                        what + " " + quote(plain) + " ends in " + is + " where " + due + " is due", meant);
    }

    /** Returns the input for use in a detail: shortened, in quotation marks, without invisible characters. */
    public static String quote(CharSequence input) {
        return "\u201C" + shorten(input) + "\u201D";
    }

    /** Returns the first characters of the text, with a mark for each invisible one. */
    public static String shorten(CharSequence input) {
        StringBuilder visible = new StringBuilder();
        int index = 0;
        while (index < input.length() && visible.length() < QUOTED_CHARACTERS) {
            int point = Character.codePointAt(input, index);
            index += Character.charCount(point);
            visible.appendCodePoint(isShowable(point) ? point : '\uFFFD');
        }
        return index < input.length() ? visible.append('\u2026').toString() : visible.toString();
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
