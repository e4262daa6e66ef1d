package org.askfirst.license;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

/**
 * The rule by which a society divides what is due among its members.
 *
 * <p>First the society keeps {@code deduction} percent of what is due, rounded down to a minor unit, so that no fraction
 * goes from the members to the society. The rest is divided among the members by {@link Apportionment}, in the order of
 * their names: in proportion to the parts of their lines, or by fixed weights if there are any. Lines without a member,
 * and members without a weight, are the society's own part.
 *
 * @param deduction percent, from 0 to 100
 * @param weights the weight of each member; empty to divide by use
 */
public record DistributionKey(BigDecimal deduction, SortedMap<String, BigDecimal> weights) {
    private static final BigDecimal HUNDRED = new BigDecimal(100);

    /**
     * Creates a key.
     *
     * @throws IllegalArgumentException if a number is negative or has too many digits ({@link Decimals}), or if the
     *     deduction is greater than 100
     */
    public DistributionKey {
        deduction = Decimals.normalized(deduction);
        if (deduction.compareTo(HUNDRED) > 0) {
            throw new IllegalArgumentException("a deduction is at most 100 percent");
        }
        SortedMap<String, BigDecimal> copy = new TreeMap<>();
        weights.forEach((member, weight) -> copy.put(member, Decimals.normalized(weight)));
        weights = Collections.unmodifiableSortedMap(copy);
    }

    /** Returns the key that divides by use. */
    public static DistributionKey byUse(BigDecimal deduction) {
        return new DistributionKey(deduction, new TreeMap<>());
    }

    /**
     * The parts of everybody. All amounts add up to what is due.
     *
     * @param deducted the amount that the society keeps
     * @param unassigned the amount that belongs to no known member
     * @param members the amount of each member
     */
    public record Distribution(Money deducted, Money unassigned, SortedMap<String, Money> members) {}

    /**
     * Divides a settlement.
     *
     * @param lines the lines of the settlement, in their order
     * @throws IllegalArgumentException if nothing was computed, or if there are other lines
     */
    public Distribution divide(Settlement settlement, List<UsageLine> lines) {
        Money due = settlement.due();
        if (due == null || settlement.parts().size() != lines.size()) {
            throw new IllegalArgumentException("the settlement has no amount, or other lines");
        }
        CurrencyUnit currency = due.getCurrencyUnit();
        BigInteger whole = due.getAmount().unscaledValue();
        BigInteger deducted = due.getAmount()
                .multiply(deduction)
                .divide(HUNDRED)
                .setScale(currency.getDecimalPlaces(), RoundingMode.DOWN)
                .unscaledValue();
        SortedMap<String, BigDecimal> byMember = new TreeMap<>();
        BigDecimal nobody = settlement.undivided();
        for (int i = 0; i < lines.size(); i++) {
            String member = lines.get(i).member();
            BigDecimal part = settlement.parts().get(i).getAmount();
            if (member == null || (!weights.isEmpty() && weight(member).signum() == 0)) {
                nobody = nobody.add(part);
            } else {
                byMember.merge(member, part, BigDecimal::add);
            }
        }
        BigInteger rest = whole.subtract(deducted);
        List<BigInteger> sides = Apportionment.divide(
                rest, List.of(nobody, byMember.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add)));
        SortedMap<String, BigDecimal> keys = byMember;
        if (!weights.isEmpty()) {
            keys = new TreeMap<>(byMember);
            keys.replaceAll((member, part) -> weight(member));
        }
        List<BigInteger> parts = Apportionment.divide(sides.get(1), new ArrayList<>(keys.values()));
        SortedMap<String, Money> members = new TreeMap<>();
        int place = 0;
        for (Map.Entry<String, BigDecimal> member : keys.entrySet()) {
            members.put(member.getKey(), money(parts.get(place++), currency));
        }
        return new Distribution(
                money(deducted, currency), money(sides.get(0), currency), Collections.unmodifiableSortedMap(members));
    }

    private BigDecimal weight(String member) {
        return weights.getOrDefault(member, BigDecimal.ZERO);
    }

    private static Money money(BigInteger units, CurrencyUnit currency) {
        return Money.of(currency, new BigDecimal(units, currency.getDecimalPlaces()));
    }
}
