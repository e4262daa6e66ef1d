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
     * Returns a whole number.
     *
     * @param text as it was sent; null if the parameter was not sent
     * @param otherwise the value if the parameter was not sent
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if it is not a whole number from {@code least} to
     *     {@code most}
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
     * Returns the value of a boolean parameter.
     *
     * @param text as it was sent; null, which is false, if the parameter was not sent
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if it is neither {@code true} nor {@code false}
     */
    public static boolean isTrue(String name, @Nullable String text) {
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw refused(name, Reason.NOT_A_BOOLEAN, "give true or false, not " + Members.shown(text));
        }
        return "true".equals(text);
    }

    /**
     * Returns a moment (RFC 3339), truncated to microseconds.
     *
     * @param text as it was sent; null if the parameter was not sent
     * @return null if the parameter was not sent
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if it is not a moment
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
     * Returns the problem of a parameter.
     *
     * @param fault what is wrong and how to correct it, without the parameter's name
     */
    public static ProblemException refused(String name, Reason reason, String fault) {
        return Problem.INVALID_REQUEST.at(name, reason, fault);
    }

    /** Returns the problem of a parameter whose value is not one of the choices. */
    public static ProblemException notOneOf(String name, String text, List<String> choices) {
        String nearest = Members.nearest(text, choices);
        return Problem.INVALID_REQUEST.at(
                name,
                Reason.UNKNOWN_VALUE,
                "give one of " + String.join(", ", choices) + ", not " + Members.shown(text)
                        + Members.didYouMean(nearest),
                nearest);
    }

    /** Returns the problem of an unknown parameter, with the one that was probably meant. */
    static ProblemException unknown(String name, List<String> known) {
        boolean takesSubject = known.contains("subject");
        String nearest = takesSubject && name.equals("url") ? "subject" : Members.nearest(name, known);
        String hint = takesSubject ? "; if it is a part of the subject, percent-encode the subject (& as %26)" : "";
        return Problem.INVALID_REQUEST.at(
                Members.answerable(name),
                Reason.UNKNOWN_MEMBER,
                "there is no such parameter" + hint + Members.didYouMean(nearest),
                nearest);
    }
}
