package org.askfirst.verdict;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a statement is in force.
 *
 * @param from the first moment of the period; null if it has no beginning
 * @param to the first moment after the period; null if it has no end, so that the statement is in force until a
 *     withdrawal
 */
public record Period(@Nullable Instant from, @Nullable Instant to) {
    /** The period without beginning and end. */
    public static final Period ALWAYS = new Period(null, null);

    public Period {
        if (from != null && to != null && !from.isBefore(to)) {
            throw new IllegalArgumentException("the period ends before it begins");
        }
    }

    /** Returns true if the moment lies within the period. */
    public boolean contains(Instant moment) {
        return (from == null || !moment.isBefore(from)) && (to == null || moment.isBefore(to));
    }
}
