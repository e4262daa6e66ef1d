package org.askfirst.license;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The part of each line of a settlement, computed from the line alone, so that a million lines need no memory.
 *
 * <p>The parts are those of {@link Settlement}: each line has its exact quota, {@code units × measure / measures}, rounded
 * down, and the units that remain go one by one to the lines with the largest remainders, of equal ones to the earlier
 * line. The last line that receives one is the cutoff. Whoever can sort the lines finds it; from then on, a line needs
 * only its own measure and number.
 *
 * @param units the minor units that are divided, not negative
 * @param measures the sum of the measures of all lines; 0 if nothing is divided
 * @param cutoff the remainder of the last line, in the order of the rule, that receives one more unit; null if none does
 * @param cutoffLine the number of that line
 */
public record LineParts(
        BigInteger units, BigDecimal measures, @Nullable BigDecimal cutoff, long cutoffLine) {
    /** The parts if nothing is divided: nothing for each line. */
    public static final LineParts NOTHING = new LineParts(BigInteger.ZERO, BigDecimal.ZERO, null, 0);

    /** Returns the minor units of a line. */
    public BigInteger of(BigDecimal measure, long line) {
        if (measures.signum() == 0 || units.signum() == 0) {
            return BigInteger.ZERO;
        }
        BigDecimal[] quota = new BigDecimal(units).multiply(measure).divideAndRemainder(measures);
        BigInteger part = quota[0].toBigIntegerExact();
        return isAmongTheLargest(quota[1], line) ? part.add(BigInteger.ONE) : part;
    }

    private boolean isAmongTheLargest(BigDecimal remainder, long line) {
        if (cutoff == null) {
            return false;
        }
        int order = remainder.compareTo(cutoff);
        return order > 0 || (order == 0 && line <= cutoffLine);
    }
}
