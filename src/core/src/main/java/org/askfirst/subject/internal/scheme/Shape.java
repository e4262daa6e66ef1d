package org.askfirst.subject.internal.scheme;

import java.util.regex.Pattern;

/**
 * A shape that values of a scheme have.
 *
 * @param rank shapes are tried by rank, lowest first: a shape that says more than another has a lower one
 * @param compact whether the text is matched without spaces and hyphens and in upper case, or as it is written
 * @param pattern of the whole text, in either case
 */
public record Shape(int rank, boolean compact, Pattern pattern) {
    private static final int FIRST_COMPACT = 1000;

    /** A shape of the text as it is written; all of these come before the compact ones. */
    public static Shape written(int rank, String regex) {
        return new Shape(rank, false, Pattern.compile("(?i)" + regex));
    }

    /** A shape of the text without spaces and hyphens. */
    public static Shape compact(int rank, String regex) {
        return new Shape(FIRST_COMPACT + rank, true, Pattern.compile("(?i)" + regex));
    }
}
