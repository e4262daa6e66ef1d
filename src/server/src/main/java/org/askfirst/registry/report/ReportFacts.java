package org.askfirst.registry.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.askfirst.json.CanonicalJson;
import org.askfirst.license.Decimals;
import org.askfirst.license.Price;
import org.askfirst.license.PriceBasis;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.joda.money.BigMoney;
import org.jspecify.annotations.Nullable;

/**
 * {@code UsageReportRequest}: the facts of a report beside its lines.
 *
 * @param revenue the licensee's revenue in the period; null unless the price is a share of it
 * @param pool the size of the pool; null unless the price is a pool whose size is not in the terms
 * @param poolPoints the points of all licensors of the pool; null unless the price is a pool
 */
record ReportFacts(
        @Nullable BigMoney revenue,
        @Nullable BigMoney pool,
        @Nullable BigDecimal poolPoints) {
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final String NUMBER = "a decimal number such as 1200.5, with at most 9 digits after the point";

    /**
     * Reads the body.
     *
     * @param price the price of the grant
     * @throws org.askfirst.problem.ProblemException {@link org.askfirst.problem.Problem#INVALID_REQUEST} if a fact that
     *     the price needs is absent, or another one is present
     */
    static ReportFacts parse(JsonNode body, Price price) {
        Members members = Members.of(body, "revenue", "pool", "poolPoints");
        boolean isShare = price.basis() == PriceBasis.REVENUE_SHARE;
        boolean isPool = price.basis() == PriceBasis.POOL;
        boolean isOpenPool = isPool && price.amount() == null;
        match(members, "revenue", isShare, price);
        match(members, "pool", isOpenPool, price);
        match(members, "poolPoints", isPool, price);
        BigMoney revenue = amount(members, "revenue");
        BigMoney pool = amount(members, "pool");
        String points = members.optionalText("poolPoints", Decimals.MAX_LENGTH, Decimals.PATTERN, NUMBER);
        BigMoney floor = price.amount();
        if (isShare
                && revenue != null
                && floor != null
                && !floor.getCurrencyUnit().equals(revenue.getCurrencyUnit())) {
            members.refuse(
                    "revenue",
                    Reason.CONFLICT,
                    "give it in " + floor.getCurrencyUnit().getCode() + ", as the floor is");
        }
        members.finish();
        return new ReportFacts(revenue, pool, points == null ? null : Decimals.parse(points));
    }

    private static void match(Members members, String name, boolean must, Price price) {
        if (must && !members.has(name)) {
            members.refuse(
                    name,
                    Reason.MISSING,
                    "a report for a price of the basis " + price.basis().wireName() + " needs it");
        } else if (!must && members.has(name)) {
            members.refuse(name, Reason.CONFLICT, "the price of this grant does not use it");
        }
    }

    private static @Nullable BigMoney amount(Members members, String name) {
        Members money = members.object(name, "amount", "currency");
        if (money == null) {
            return null;
        }
        money.require("amount");
        money.require("currency");
        String amount = money.optionalText("amount", Decimals.MAX_LENGTH, Decimals.PATTERN, NUMBER);
        String currency = money.optionalText("currency", 3, CURRENCY, "an ISO 4217 code such as KRW");
        if (currency != null && !Price.isCurrency(currency)) {
            money.refuse("currency", Reason.UNKNOWN_VALUE, "ISO 4217 has no such currency in which people pay");
            return null;
        }
        return amount == null || currency == null ? null : Price.money(amount, currency);
    }

    /** Returns the members of the contract. */
    Map<String, Object> toTree() {
        Map<String, Object> tree = new TreeMap<>();
        if (revenue != null) {
            tree.put("revenue", money(revenue));
        }
        if (pool != null) {
            tree.put("pool", money(pool));
        }
        if (poolPoints != null) {
            tree.put("poolPoints", poolPoints.toPlainString());
        }
        return tree;
    }

    String toJson() {
        return CanonicalJson.write(toTree());
    }

    /** Reads the text that {@link #toJson} writes. */
    static ReportFacts ofStored(String json) {
        Map<?, ?> tree = CanonicalJson.parseObject(json);
        Object points = tree.get("poolPoints");
        return new ReportFacts(
                ofStored(tree.get("revenue")),
                ofStored(tree.get("pool")),
                points == null ? null : Decimals.parse(points.toString()));
    }

    private static @Nullable BigMoney ofStored(@Nullable Object tree) {
        return tree instanceof Map<?, ?> money
                ? Price.money(String.valueOf(money.get("amount")), String.valueOf(money.get("currency")))
                : null;
    }

    private static Map<String, Object> money(BigMoney money) {
        return new TreeMap<>(Map.of(
                "amount",
                money.getAmount().toPlainString(),
                "currency",
                money.getCurrencyUnit().getCode()));
    }

    /** Returns the price to compute with: that of the grant, with the size of the pool. */
    Price applied(Price price) {
        return price.basis() == PriceBasis.POOL && price.amount() == null ? Price.pool(pool, price.weights()) : price;
    }
}
