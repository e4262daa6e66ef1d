package org.askfirst.verdict;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a statement is in force.
 *
 * @param from in force from this moment; null for always
 * @param to in force until before this moment; null for until withdrawn
 */
public record Period(@Nullable Instant from, @Nullable Instant to) {
    /** Without bounds. */
    public static final Period ALWAYS = new Period(null, null);

    public Period {
        if (from != null && to != null && !from.isBefore(to)) {
            throw new IllegalArgumentException("a period that ends before it begins");
        }
    }

    /** Whether the moment lies inside. */
    public boolean contains(Instant moment) {
        return (from == null || !moment.isBefore(from)) && (to == null || moment.isBefore(to));
    }
}
