package org.askfirst.license;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.joda.money.BigMoney;
import org.joda.money.CurrencyUnit;
import org.jspecify.annotations.Nullable;

/**
 * A price. All numbers are exact decimals ({@link Decimals}), and currencies are those of ISO 4217.
 *
 * <p>The constructor refuses parts that do not belong to the basis, so code that switches over the basis finds the parts
 * that the table names.
 *
 * <table>
 *   <caption>The parts of each basis</caption>
 *   <tr><th>basis</th><th>must have</th><th>may have</th></tr>
 *   <tr><td>free, negotiated</td><td></td><td></td></tr>
 *   <tr><td>flat, per-work</td><td>amount</td><td></td></tr>
 *   <tr><td>per-unit</td><td>amount, unit</td><td></td></tr>
 *   <tr><td>revenue-share</td><td>percent</td><td>amount (the floor), weights</td></tr>
 *   <tr><td>pool</td><td></td><td>amount (the size of the pool), weights</td></tr>
 * </table>
 *
 * @param basis the basis
 * @param amount the amount; for a share of revenue the floor, for a pool its size; null if there is none
 * @param unit the name of the unit, such as {@code token}; null unless the basis is {@code per-unit}
 * @param percent the share of revenue, greater than 0 and at most 100; null unless the basis is {@code revenue-share}
 * @param weights the weight of each kind of work, such as book; a kind that is not listed has the weight 1
 */
public record Price(
        PriceBasis basis,
        @Nullable BigMoney amount,
        @Nullable String unit,
        @Nullable BigDecimal percent,
        SortedMap<String, BigDecimal> weights) {
    private static final BigDecimal HUNDRED = new BigDecimal(100);

    /** The greatest number of weights. */
    public static final int MAX_WEIGHTS = 50;

    /** The greatest number of UTF-16 code units of a kind of work. */
    public static final int MAX_KIND = 100;

    /** The names that a unit can have. */
    public static final Pattern UNIT = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    /** The price of what is free. */
    public static final Price FREE = new Price(PriceBasis.FREE, null, null, null, new TreeMap<>());

    /** The price that is agreed on elsewhere. */
    public static final Price NEGOTIATED = new Price(PriceBasis.NEGOTIATED, null, null, null, new TreeMap<>());

    public Price {
        boolean shared = basis == PriceBasis.REVENUE_SHARE || basis == PriceBasis.POOL;
        boolean counted = basis == PriceBasis.FLAT || basis == PriceBasis.PER_WORK || basis == PriceBasis.PER_UNIT;
        require(amount == null || shared || counted, "the basis has no amount");
        require(amount != null || !counted, "the basis needs an amount");
        require((unit != null) == (basis == PriceBasis.PER_UNIT), "a unit belongs to per-unit, and to nothing else");
        require(unit == null || UNIT.matcher(unit).matches(), "the name of the unit has other characters");
        require(
                (percent != null) == (basis == PriceBasis.REVENUE_SHARE),
                "a percentage belongs to revenue-share, and to nothing else");
        require(weights.isEmpty() || shared, "the basis has no weights");
        require(weights.size() <= MAX_WEIGHTS, "there are too many weights");
        if (amount != null) {
            amount = normalized(amount);
        }
        if (percent != null) {
            percent = Decimals.normalized(percent);
            require(percent.signum() > 0 && percent.compareTo(HUNDRED) <= 0, "the percentage is not from 0 to 100");
        }
        SortedMap<String, BigDecimal> copy = new TreeMap<>();
        for (Map.Entry<String, BigDecimal> weight : weights.entrySet()) {
            require(
                    !weight.getKey().isBlank() && weight.getKey().length() <= MAX_KIND,
                    "a kind of work is empty or too long");
            copy.put(weight.getKey(), Decimals.normalized(weight.getValue()));
        }
        weights = Collections.unmodifiableSortedMap(copy);
    }

    /** Returns the price of one amount for everything. */
    public static Price flat(BigMoney amount) {
        return new Price(PriceBasis.FLAT, amount, null, null, new TreeMap<>());
    }

    /** Returns the price of an amount for each work. */
    public static Price perWork(BigMoney amount) {
        return new Price(PriceBasis.PER_WORK, amount, null, null, new TreeMap<>());
    }

    /** Returns the price of an amount for each unit. */
    public static Price perUnit(BigMoney amount, String unit) {
        return new Price(PriceBasis.PER_UNIT, amount, unit, null, new TreeMap<>());
    }

    /**
     * Returns the price of a share of revenue.
     *
     * @param floor the least amount that is due; null if there is none
     */
    public static Price revenueShare(
            BigDecimal percent, @Nullable BigMoney floor, SortedMap<String, BigDecimal> weights) {
        return new Price(PriceBasis.REVENUE_SHARE, floor, null, percent, weights);
    }

    /**
     * Returns the price of a pool.
     *
     * @param size the amount that is divided; null if it is not known yet
     */
    public static Price pool(@Nullable BigMoney size, SortedMap<String, BigDecimal> weights) {
        return new Price(PriceBasis.POOL, size, null, null, weights);
    }

    /** Returns the weight of works of a kind: the listed one, otherwise 1. */
    public BigDecimal weight(@Nullable String kind) {
        return kind == null ? BigDecimal.ONE : weights.getOrDefault(kind, BigDecimal.ONE);
    }

    /**
     * Reads an amount.
     *
     * @param number a text that {@link Decimals#parse} reads
     * @param currency a code of ISO 4217 that names a currency in which people pay, such as {@code KRW}
     * @throws IllegalArgumentException if one of them cannot be read
     */
    public static BigMoney money(String number, String currency) {
        return normalized(BigMoney.of(currency(currency), Decimals.parse(number)));
    }

    /**
     * Returns true if {@link #money} reads the currency. Codes without a minor unit, such as those of gold and of tests,
     * are no currencies in which people pay.
     */
    public static boolean isCurrency(String code) {
        return CurrencyUnit.registeredCurrencies().stream()
                .anyMatch(unit -> unit.getCode().equals(code) && !unit.isPseudoCurrency());
    }

    private static CurrencyUnit currency(String code) {
        require(isCurrency(code), "the currency is not one of ISO 4217");
        return CurrencyUnit.of(code);
    }

    /** Returns the amount with as many digits after the point as it needs, and at least those of its currency. */
    private static BigMoney normalized(BigMoney money) {
        require(!money.getCurrencyUnit().isPseudoCurrency(), "the currency is not one in which people pay");
        BigDecimal number = Decimals.normalized(money.getAmount());
        int places = Math.max(number.scale(), money.getCurrencyUnit().getDecimalPlaces());
        return BigMoney.of(money.getCurrencyUnit(), number.setScale(places));
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("malformed price: " + otherwise);
        }
    }
}
