package org.askfirst.registry.http;

import java.time.Instant;
import java.util.List;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.jspecify.annotations.Nullable;

/** Reads query parameters strictly. */
public final class Parameters {
    private Parameters() {}

    /**
     * A whole number.
     *
     * @param text as it was sent; null if it was not
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if it is none, or lies outside
     */
    public static long whole(String name, @Nullable String text, long least, long most, long otherwise) {
        if (text == null) {
            return otherwise;
        }
        String bounds = "give a whole number from " + least + (most == Long.MAX_VALUE ? "" : " to " + most) + ", not "
                + Members.shown(text);
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException malformed) {
            throw refused(name, Reason.NOT_A_WHOLE_NUMBER, bounds);
        }
        throw refused(name, Reason.OUT_OF_RANGE, bounds);
    }

    /**
     * Whether something is wished for.
     *
     * @param text as it was sent; null if it was not, which is no
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if it is neither {@code true} nor {@code false}
     */
    public static boolean isTrue(String name, @Nullable String text) {
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw refused(name, Reason.NOT_A_BOOLEAN, "give true or false, not " + Members.shown(text));
        }
        return "true".equals(text);
    }

    /**
     * A moment (RFC 3339), to the microsecond.
     *
     * @param text as it was sent; null if it was not
     * @return null if it was not sent
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if it is none
     */
    public static @Nullable Instant moment(String name, @Nullable String text) {
        Instant moment = text == null ? null : Members.parseMoment(text);
        if (text != null && moment == null) {
            throw refused(
                    name,
                    Reason.MALFORMED,
                    "give a moment with its offset, such as 2026-11-22T09:00:00Z, not " + Members.shown(text));
        }
        return moment;
    }

    /**
     * The problem with that parameter.
     *
     * @param fault what is wrong and what to do about it, without the parameter's name
     */
    public static ProblemException refused(String name, Reason reason, String fault) {
        return Problem.INVALID_REQUEST.at(name, reason, fault);
    }

    /** The problem with a parameter that is none of those values. */
    public static ProblemException notOneOf(String name, String text, List<String> choices) {
        String nearest = Members.nearest(text, choices);
        return Problem.INVALID_REQUEST.at(
                name,
                Reason.UNKNOWN_VALUE,
                "give one of " + String.join(", ", choices) + ", not " + Members.shown(text)
                        + Members.didYouMean(nearest),
                nearest);
    }

    /** The problem with a parameter of which there is none by that name. */
    static ProblemException unknown(String name, List<String> known) {
        String nearest = Members.nearest(name, known);
        return Problem.INVALID_REQUEST.at(
                Members.answerable(name),
                Reason.UNKNOWN_MEMBER,
                "there is no such parameter" + Members.didYouMean(nearest),
                nearest);
    }
}
