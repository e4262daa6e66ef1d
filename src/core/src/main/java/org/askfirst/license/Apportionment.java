package org.askfirst.license;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Divides a number of minor units, such as cents, in proportion to weights, so that the parts add up to it.
 *
 * <p>Each part is its exact quota, rounded down. The units that remain go, one each, to the parts with the largest
 * remainders; of equal remainders, to the earlier part. This is the method of the largest remainder (Hamilton). It is
 * exact: quotas are compared as fractions and never rounded.
 */
final class Apportionment {
    private Apportionment() {}

    /**
     * Returns the parts, in the order of the weights.
     *
     * @param units the minor units to divide, not negative
     * @param weights not negative; at least one is greater than 0 unless {@code units} is 0
     * @throws IllegalArgumentException if units remain that belong to nobody
     */
    static List<BigInteger> divide(BigInteger units, List<BigDecimal> weights) {
        int scale = weights.stream().mapToInt(BigDecimal::scale).max().orElse(0);
        List<BigInteger> whole = new ArrayList<>(weights.size());
        BigInteger sum = BigInteger.ZERO;
        for (BigDecimal weight : weights) {
            BigInteger one = weight.setScale(Math.max(0, scale)).unscaledValue();
            whole.add(one);
            sum = sum.add(one);
        }
        List<BigInteger> parts = new ArrayList<>(weights.size());
        if (sum.signum() == 0) {
            if (units.signum() != 0) {
                throw new IllegalArgumentException("an amount is due, and no line has a weight");
            }
            weights.forEach(weight -> parts.add(BigInteger.ZERO));
            return parts;
        }
        List<Integer> places = new ArrayList<>(weights.size());
        List<BigInteger> remainders = new ArrayList<>(weights.size());
        BigInteger rest = units;
        for (int i = 0; i < whole.size(); i++) {
            BigInteger[] quota = units.multiply(whole.get(i)).divideAndRemainder(sum);
            parts.add(quota[0]);
            remainders.add(quota[1]);
            places.add(i);
            rest = rest.subtract(quota[0]);
        }
        // The sort is stable, so equal remainders stay in order. Fewer units remain than there are remainders.
        places.sort(
                Comparator.comparing((Integer place) -> remainders.get(place)).reversed());
        for (int i = 0; i < rest.intValueExact(); i++) {
            int place = places.get(i);
            parts.set(place, parts.get(place).add(BigInteger.ONE));
        }
        return parts;
    }
}
