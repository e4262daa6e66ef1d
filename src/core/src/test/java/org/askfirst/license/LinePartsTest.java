package org.askfirst.license;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.joda.money.BigMoney;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.Test;

/** The parts of lines that are computed one by one are those of the whole settlement. */
class LinePartsTest {
    private record Remainder(BigDecimal value, int line) {}

    /** Finds the cutoff by sorting, as the rule says it. */
    private static LineParts partsOf(BigInteger units, List<BigDecimal> measures) {
        BigDecimal sum = measures.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        BigInteger rest = units;
        List<Remainder> remainders = new ArrayList<>();
        for (int line = 1; line <= measures.size(); line++) {
            BigDecimal[] quota =
                    new BigDecimal(units).multiply(measures.get(line - 1)).divideAndRemainder(sum);
            rest = rest.subtract(quota[0].toBigIntegerExact());
            remainders.add(new Remainder(quota[1], line));
        }
        if (rest.signum() == 0) {
            return new LineParts(units, sum, null, 0);
        }
        remainders.sort(Comparator.comparing(Remainder::value).reversed().thenComparingInt(Remainder::line));
        Remainder last = remainders.get(rest.intValueExact() - 1);
        return new LineParts(units, sum, last.value(), last.line());
    }

    @Test
    void partsOfRandomLinesAreThoseOfTheSettlement() {
        Random random = new Random(1);
        Price price = Price.revenueShare(new BigDecimal("3.7"), null, new TreeMap<>());
        for (int i = 0; i < 500; i++) {
            List<UsageLine> lines = new ArrayList<>();
            int size = 1 + random.nextInt(40);
            for (int line = 0; line < size; line++) {
                lines.add(new UsageLine(
                        "isbn:" + line,
                        null,
                        null,
                        BigDecimal.valueOf(1 + random.nextInt(5), random.nextInt(3)),
                        BigDecimal.valueOf(random.nextInt(101), 2)));
            }
            Settlement settlement = Settlement.of(
                    price,
                    lines,
                    new Settlement.Facts(
                            BigMoney.parse("EUR " + random.nextInt(100_000)), null, false, CurrencyUnit.EUR));
            List<BigDecimal> measures = lines.stream()
                    .map(line -> Settlement.measure(price, line, true))
                    .toList();
            Money due = settlement.due();
            if (due == null || measures.stream().allMatch(measure -> measure.signum() == 0)) {
                continue;
            }
            LineParts parts = partsOf(Settlement.minorUnits(due), measures);
            for (int line = 1; line <= size; line++) {
                assertEquals(
                        settlement.parts().get(line - 1).getAmount().unscaledValue(),
                        parts.of(measures.get(line - 1), line),
                        lines + " line " + line);
            }
        }
    }

    @Test
    void nothingIsDividedAmongNothing() {
        assertEquals(BigInteger.ZERO, LineParts.NOTHING.of(BigDecimal.ONE, 1));
        assertEquals(BigInteger.ZERO, new LineParts(BigInteger.TEN, BigDecimal.ZERO, null, 0).of(BigDecimal.ONE, 1));
    }
}
