package org.askfirst.http;

import java.time.Instant;
import java.util.List;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Violation;
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
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException malformed) {
            // Said below, as for a number out of bounds.
        }
        throw refused(
                name,
                "Expected a whole number from " + least + (most == Long.MAX_VALUE ? "" : " to " + most) + ", not "
                        + Members.shown(text));
    }

    /**
     * Whether something is wished for.
     *
     * @param text as it was sent; null if it was not, which is no
     * @throws ProblemException {@link Problem#INVALID_REQUEST} if it is neither {@code true} nor {@code false}
     */
    public static boolean isTrue(String name, @Nullable String text) {
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw refused(name, "Expected true or false, not " + Members.shown(text));
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
                    "Expected a moment with its offset, such as 2026-11-22T09:00:00Z, not " + Members.shown(text));
        }
        return moment;
    }

    /** The problem with that parameter. */
    public static ProblemException refused(String name, String detail) {
        return Problem.INVALID_REQUEST.because(name + ": " + detail, List.of(new Violation(name, detail)));
    }
}
