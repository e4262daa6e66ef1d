package org.askfirst.license;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * An accepted line of a usage report: how much one work was used.
 *
 * @param work the canonical subject of the work; a work may have several lines
 * @param kind the kind of the work, by which weights are chosen; null if it is not known
 * @param member the member of the licensor to whom the work belongs; null if it is the licensor's own, or not known
 * @param units the number of units, not negative; 1 if the report counts works
 * @param share the part of the work that is the licensor's, from 0 to 1
 */
public record UsageLine(
        String work, @Nullable String kind, @Nullable String member, BigDecimal units, BigDecimal share) {
    /**
     * Creates a line.
     *
     * @throws IllegalArgumentException if a number is negative or has too many digits ({@link Decimals}), or if the share
     *     is greater than 1
     */
    public UsageLine {
        units = Decimals.normalized(units);
        share = Decimals.normalized(share);
        if (share.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("a share is at most 1");
        }
    }

    /** Returns the points of the line: its units, weighted by the kind of the work, of which the share counts. */
    public BigDecimal points(Price price) {
        return units.multiply(price.weight(kind)).multiply(share);
    }
}
