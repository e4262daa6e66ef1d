package org.askfirst.subject.internal.scheme;

import java.util.regex.Pattern;

/**
 * A shape that values of a scheme have.
 *
 * @param rank the order in which shapes are tried, lowest first; a more telling shape has a lower rank
 * @param compact true if the text is matched without spaces and hyphens and in upper case, false if it is matched as
 *     written
 * @param pattern the pattern of the whole text, in either case
 */
public record Shape(int rank, boolean compact, Pattern pattern) {
    private static final int FIRST_COMPACT = 1000;

    /** Returns a shape of the text as written. All of these come before the compact ones. */
    public static Shape written(int rank, String regex) {
        return new Shape(rank, false, Pattern.compile("(?i)" + regex));
    }

    /** Returns a shape of the text without spaces and hyphens. */
    public static Shape compact(int rank, String regex) {
        return new Shape(FIRST_COMPACT + rank, true, Pattern.compile("(?i)" + regex));
    }
}
