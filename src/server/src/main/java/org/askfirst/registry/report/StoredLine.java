package org.askfirst.registry.report;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;
import org.askfirst.license.LineParts;
import org.jspecify.annotations.Nullable;

/** A line of a report with its verdict, as the table has it. */
record StoredLine(
        int line,
        LineVerdict verdict,
        BigDecimal units,
        BigDecimal share,
        BigDecimal measure,
        String work,
        String ref,
        @Nullable String kind,
        @Nullable String member,
        @Nullable String reason) {
    /**
     * Returns {@code ReportedLine}.
     *
     * @param parts null while the report receives lines, or if nothing is computed
     * @param places the number of digits after the point of the currency
     */
    Map<String, Object> toTree(@Nullable LineParts parts, int places) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("line", (long) line);
        tree.put("verdict", verdict.wireName());
        tree.put("work", work);
        tree.put("units", plain(units));
        tree.put("share", plain(share));
        if (kind != null) {
            tree.put("kind", kind);
        }
        if (!ref.isEmpty()) {
            tree.put("ref", ref);
        }
        if (member != null) {
            tree.put("member", member);
        }
        if (reason != null) {
            tree.put("reason", reason);
        }
        if (verdict == LineVerdict.ACCEPTED && parts != null) {
            BigInteger part = parts.of(measure, line);
            tree.put("part", new BigDecimal(part, places).toPlainString());
        }
        return tree;
    }

    /** Returns a number without an exponent and without zeros at its end. */
    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
