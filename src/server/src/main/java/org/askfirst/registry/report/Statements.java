package org.askfirst.registry.report;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.askfirst.license.DistributionKey;
import org.askfirst.license.LicenseTerms;
import org.askfirst.license.Price;
import org.askfirst.license.PriceBasis;
import org.askfirst.registry.grant.GrantFacts;
import org.joda.money.BigMoney;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * The text of a statement: what is due for a report, with the arithmetic. {@code docs/formats/usage-report.md} describes
 * its members.
 */
final class Statements {
    /** The currency in which nothing is due if the price names none; statements do not show it. */
    static final String NO_CURRENCY = "KRW";

    private static final String ROUNDING = "half-up, once, to the minor unit of the currency";

    private Statements() {}

    /**
     * Returns the members of a statement, to which its entry commits.
     *
     * @param measures the sum of the measures of the accepted lines
     * @param due null if the price is negotiated
     * @param flatIsDue true if a flat amount belongs to this period
     * @param distribution null if nothing was computed
     * @param membersSha256 the hash of the parts of members
     */
    static Map<String, Object> tree(
            FiledReport report,
            GrantFacts grant,
            Price price,
            BigDecimal measures,
            @Nullable Money due,
            boolean flatIsDue,
            Map<LineVerdict, Long> counts,
            DistributionKey key,
            DistributionKey.@Nullable Distribution distribution,
            int members,
            String membersSha256) {
        Map<String, Object> tree = new TreeMap<>(report.facts().toTree());
        tree.put("grant", report.grant().toString());
        tree.put("licensor", report.licensor().toString());
        tree.put("licensee", report.licensee().toString());
        tree.put("period", report.period().text());
        tree.put("revision", (long) report.revision());
        tree.put("price", price(grant.terms()));
        tree.put("acceptedLines", Objects.requireNonNull(counts.get(LineVerdict.ACCEPTED)));
        tree.put("measure", measure(price));
        tree.put("measures", StoredLine.plain(measures));
        tree.put("arithmetic", arithmetic(report, price, measures, due, flatIsDue));
        tree.put("rounding", ROUNDING);
        if (due != null) {
            tree.put("due", due.getAmount().toPlainString());
            if (price.basis() != PriceBasis.FREE) {
                tree.put("currency", due.getCurrencyUnit().getCode());
            }
        }
        if (distribution != null) {
            tree.put("deduction", StoredLine.plain(key.deduction()));
            tree.put("dividedBy", key.weights().isEmpty() ? "use" : "weights");
            tree.put("deducted", distribution.deducted().getAmount().toPlainString());
            tree.put("unassigned", distribution.unassigned().getAmount().toPlainString());
            tree.put("memberCount", (long) members);
            tree.put("membersSha256", membersSha256);
        }
        return tree;
    }

    private static Object price(LicenseTerms terms) {
        return Objects.requireNonNull(terms.toTree().get("price"));
    }

    private static String measure(Price price) {
        return switch (price.basis()) {
            case FREE, NEGOTIATED -> "nothing";
            case FLAT -> "shares";
            case PER_WORK -> "works";
            case PER_UNIT -> "units";
            case REVENUE_SHARE, POOL -> "points";
        };
    }

    /** Returns the computation as a line that a person can follow with pencil and paper. */
    private static String arithmetic(
            FiledReport report, Price price, BigDecimal measures, @Nullable Money due, boolean flatIsDue) {
        String result = due == null
                ? ""
                : due.getAmount().toPlainString() + " " + due.getCurrencyUnit().getCode();
        String sum = StoredLine.plain(measures);
        return switch (price.basis()) {
            case FREE -> "free: 0";
            case NEGOTIATED -> "negotiated: not computed";
            case FLAT -> flatIsDue ? "once: " + result : "once, in the period in which the grant begins: " + result;
            case PER_WORK -> sum + " works × " + amount(price) + exact(price, measures) + " → " + result;
            case PER_UNIT -> sum + " " + price.unit() + " × " + amount(price) + exact(price, measures) + " → " + result;
            case REVENUE_SHARE -> ofRevenue(report, price) + " → " + result;
            case POOL ->
                amount(price) + " × " + sum + " points / "
                        + StoredLine.plain(Objects.requireNonNull(report.facts().poolPoints()))
                        + " points → " + result;
        };
    }

    private static String ofRevenue(FiledReport report, Price price) {
        BigMoney revenue = Objects.requireNonNull(report.facts().revenue());
        BigDecimal percent = Objects.requireNonNull(price.percent());
        String currency = revenue.getCurrencyUnit().getCode();
        String share = StoredLine.plain(percent) + " % × " + StoredLine.plain(revenue.getAmount()) + " " + currency
                + " = " + StoredLine.plain(revenue.getAmount().multiply(percent).movePointLeft(2)) + " " + currency;
        return price.amount() == null ? share : share + ", at least " + amount(price);
    }

    private static String exact(Price price, BigDecimal measures) {
        return " = "
                + StoredLine.plain(
                        measures.multiply(Objects.requireNonNull(price.amount()).getAmount()));
    }

    private static String amount(Price price) {
        BigMoney amount = Objects.requireNonNull(price.amount());
        return StoredLine.plain(amount.getAmount()) + " "
                + amount.getCurrencyUnit().getCode();
    }

    /** Returns the text to which the entry that files a report commits. */
    static Map<String, Object> filed(FiledReport report, Map<LineVerdict, Long> counts) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("grant", report.grant().toString());
        tree.put("licensor", report.licensor().toString());
        tree.put("licensee", report.licensee().toString());
        tree.put("period", report.period().text());
        tree.put("revision", (long) report.revision());
        tree.put("lines", (long) report.lines());
        tree.put("linesSha256", Objects.requireNonNull(report.seal()).sha256());
        Map<String, Object> verdicts = new TreeMap<>();
        counts.forEach((verdict, count) -> verdicts.put(verdict.wireName(), count));
        tree.put("verdicts", verdicts);
        return tree;
    }
}
