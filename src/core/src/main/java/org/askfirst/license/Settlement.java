package org.askfirst.license;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.joda.money.BigMoney;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * The amount that is due to a licensor for one report, and its part for each line.
 *
 * <p>The amounts by basis:
 *
 * <table>
 *   <caption>The sum that is due</caption>
 *   <tr><th>basis</th><th>due</th><th>divided by</th></tr>
 *   <tr><td>free</td><td>nothing</td><td></td></tr>
 *   <tr><td>flat</td><td>the amount, in the one statement that it belongs to</td><td>shares</td></tr>
 *   <tr><td>per-work</td><td>amount × the share of each work; a work counts once</td><td>the same</td></tr>
 *   <tr><td>per-unit</td><td>amount × units × share, added up</td><td>the same</td></tr>
 *   <tr><td>revenue-share</td><td>percent × revenue, at least the floor</td><td>points</td></tr>
 *   <tr><td>pool</td><td>size × the licensor's points / the points of all licensors</td><td>points</td></tr>
 *   <tr><td>negotiated</td><td>not computed</td><td></td></tr>
 * </table>
 *
 * <p>Points are units × weight of the kind × share ({@link UsageLine#points}).
 *
 * <p><b>The rounding rule.</b> Everything is computed exactly. Only the amount that is due is rounded, once, to the minor
 * unit of its currency; half a unit and more is rounded up. The lines then get whole minor units by {@link Apportionment},
 * so that they add up to what is due. No line is rounded by itself. A flat amount or a floor is due also if no line has
 * anything by which it can be divided; then each part is nothing.
 *
 * @param due the amount; null if the basis is negotiated
 * @param parts the part of each line, in the order of the report; empty if {@code due} is null
 */
public record Settlement(@Nullable Money due, List<Money> parts) {
    private static final BigDecimal HUNDRED = new BigDecimal(100);

    public Settlement {
        parts = List.copyOf(parts);
    }

    /**
     * The facts beside the lines.
     *
     * @param revenue the licensee's revenue to which a share applies; null unless the basis is revenue-share
     * @param allPoints the points of all licensors of the pool, this one included; null unless the basis is pool
     * @param flatIsDue true if a flat amount belongs to this statement and to no other one of the license
     * @param currency of amounts that are nothing, where the price names no currency
     */
    public record Facts(
            @Nullable BigMoney revenue, @Nullable BigDecimal allPoints, boolean flatIsDue, CurrencyUnit currency) {
        /** Facts for bases that need none. */
        public static Facts none(CurrencyUnit currency) {
            return new Facts(null, null, true, currency);
        }
    }

    /**
     * Computes what is due.
     *
     * @param lines the accepted lines of the report
     * @throws IllegalArgumentException if a fact is missing, if currencies differ, or if the revenue is negative
     */
    public static Settlement of(Price price, List<UsageLine> lines, Facts facts) {
        Set<String> seen = new HashSet<>();
        List<BigDecimal> measures = lines.stream()
                .map(line -> measure(price, line, seen.add(line.work())))
                .toList();
        Money due = due(price, sum(measures), facts);
        if (due == null) {
            return new Settlement(null, List.of());
        }
        int places = due.getCurrencyUnit().getDecimalPlaces();
        boolean isDivided = sum(measures).signum() != 0;
        List<Money> parts = new ArrayList<>(measures.size());
        for (BigInteger part : Apportionment.divide(isDivided ? minorUnits(due) : BigInteger.ZERO, measures)) {
            parts.add(Money.of(due.getCurrencyUnit(), new BigDecimal(part, places)));
        }
        return new Settlement(due, parts);
    }

    /**
     * Returns the measure of a line: the number in proportion to which it receives a part of what is due. It is 0 if
     * nothing is computed from lines.
     *
     * @param isFirst true if no earlier line has the same work
     */
    public static BigDecimal measure(Price price, UsageLine line, boolean isFirst) {
        return switch (price.basis()) {
            case FREE, NEGOTIATED -> BigDecimal.ZERO;
            case FLAT -> line.share();
            case PER_WORK -> isFirst ? line.share() : BigDecimal.ZERO;
            case PER_UNIT -> line.units().multiply(line.share());
            case REVENUE_SHARE, POOL -> line.points(price);
        };
    }

    /**
     * Returns the amount that is due, rounded by the rounding rule; null if the basis is negotiated.
     *
     * @param measures the sum of the {@link #measure}s of all accepted lines
     * @throws IllegalArgumentException if a fact is missing, if currencies differ, or if the revenue is negative
     */
    public static @Nullable Money due(Price price, BigDecimal measures, Facts facts) {
        return switch (price.basis()) {
            case FREE -> Money.zero(facts.currency);
            case NEGOTIATED -> null;
            case FLAT -> facts.flatIsDue ? rounded(amount(price).getAmount(), unit(price)) : Money.zero(unit(price));
            case PER_WORK, PER_UNIT -> rounded(measures.multiply(amount(price).getAmount()), unit(price));
            case REVENUE_SHARE -> ofRevenue(price, facts);
            case POOL -> ofPool(price, measures, facts);
        };
    }

    /** Returns the number of minor units of an amount. */
    public static BigInteger minorUnits(Money amount) {
        return amount.getAmount().unscaledValue();
    }

    /** Returns the part of what is due that belongs to no line. */
    public BigDecimal undivided() {
        BigDecimal rest = due == null ? BigDecimal.ZERO : due.getAmount();
        for (Money part : parts) {
            rest = rest.subtract(part.getAmount());
        }
        return rest;
    }

    private static Money ofRevenue(Price price, Facts facts) {
        BigMoney revenue = facts.revenue;
        BigDecimal percent = price.percent();
        if (revenue == null || percent == null || revenue.isNegative()) {
            throw new IllegalArgumentException("a share of revenue needs the revenue, which is not negative");
        }
        BigDecimal due = revenue.getAmount().multiply(percent).divide(HUNDRED, MathContext.UNLIMITED);
        BigMoney floor = price.amount();
        if (floor != null) {
            requireSame(floor.getCurrencyUnit(), revenue.getCurrencyUnit());
            due = due.max(floor.getAmount());
        }
        return rounded(due, revenue.getCurrencyUnit());
    }

    private static Money ofPool(Price price, BigDecimal own, Facts facts) {
        BigMoney size = price.amount();
        BigDecimal all = facts.allPoints;
        if (size == null || all == null || all.compareTo(own) < 0) {
            throw new IllegalArgumentException(
                    "a pool needs its size, and the points of all, of which these are a part");
        }
        if (own.signum() == 0) {
            return Money.zero(size.getCurrencyUnit());
        }
        // A fraction may have no end as a decimal, so it is rounded here and nowhere before.
        int places = size.getCurrencyUnit().getDecimalPlaces();
        return rounded(
                size.getAmount().multiply(own).divide(all, places, RoundingMode.HALF_UP), size.getCurrencyUnit());
    }

    private static Money rounded(BigDecimal exact, CurrencyUnit currency) {
        return Money.of(currency, exact.setScale(currency.getDecimalPlaces(), RoundingMode.HALF_UP));
    }

    private static BigDecimal sum(List<BigDecimal> numbers) {
        return numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigMoney amount(Price price) {
        BigMoney amount = price.amount();
        if (amount == null) {
            throw new IllegalStateException("the basis has an amount: " + price);
        }
        return amount;
    }

    private static CurrencyUnit unit(Price price) {
        return amount(price).getCurrencyUnit();
    }

    private static void requireSame(CurrencyUnit one, CurrencyUnit other) {
        if (!one.equals(other)) {
            throw new IllegalArgumentException("the amounts are in different currencies");
        }
    }
}
