package org.askfirst.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.joda.money.BigMoney;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Statements that were computed by hand, with pencil and paper, for each basis of a price. */
class SettlementTest {
    private static final CurrencyUnit EUR = CurrencyUnit.EUR;
    private static final CurrencyUnit KRW = CurrencyUnit.of("KRW");

    /** Three works: a book of one member, a poem of another of which the licensor has half, and a book of its own. */
    private static final List<UsageLine> LINES = List.of(
            line("isbn:9788936434120", "book", "member-a", "1000", "1"),
            line("url:https://haneul.example/poem", "poem", "member-b", "301", "0.5"),
            line("isbn:9788954651134", "book", null, "200", "1"));

    private static UsageLine line(
            String work, @Nullable String kind, @Nullable String member, String units, String share) {
        return new UsageLine(work, kind, member, new BigDecimal(units), new BigDecimal(share));
    }

    private static Settlement.Facts revenue(String amount) {
        return new Settlement.Facts(BigMoney.parse(amount), null, false, EUR);
    }

    private static void assertDue(String due, List<String> parts, Settlement settlement) {
        assertEquals(Money.parse(due), settlement.due());
        assertEquals(parts.stream().map(Money::parse).toList(), settlement.parts());
    }

    @Test
    void whatIsFreeCostsNothing() {
        assertDue(
                "EUR 0.00",
                List.of("EUR 0.00", "EUR 0.00", "EUR 0.00"),
                Settlement.of(Price.FREE, LINES, Settlement.Facts.none(EUR)));
    }

    @Test
    void aNegotiatedPriceIsNotComputed() {
        Settlement settlement = Settlement.of(Price.NEGOTIATED, LINES, Settlement.Facts.none(EUR));
        assertNull(settlement.due());
        assertEquals(List.of(), settlement.parts());
    }

    @Test
    void aFlatAmountIsDueOnceAndDividedByShares() {
        Price price = Price.flat(Price.money("100", "EUR"));
        // 100.00 by 1 : 0.5 : 1. 10,000 cents / 2.5 = 4,000 : 2,000 : 4,000.
        assertDue(
                "EUR 100.00",
                List.of("EUR 40.00", "EUR 20.00", "EUR 40.00"),
                Settlement.of(price, LINES, Settlement.Facts.none(EUR)));
        assertDue(
                "EUR 0.00",
                List.of("EUR 0.00", "EUR 0.00", "EUR 0.00"),
                Settlement.of(price, LINES, new Settlement.Facts(null, null, false, EUR)));
        Settlement unused = Settlement.of(price, List.of(), Settlement.Facts.none(EUR));
        assertDue("EUR 100.00", List.of(), unused);
        assertEquals(new BigDecimal("100.00"), unused.undivided());
    }

    @Test
    void anAmountForEachWorkCountsAWorkOnce() {
        List<UsageLine> lines = new ArrayList<>(LINES);
        lines.add(LINES.get(0));
        // 0.333 × (1 + 0.5 + 1) = 0.8325, rounded to 0.83. 83 cents by 2 : 1 : 2 : 0 are 33.2, 16.6, 33.2 and 0:
        // rounded
        // down 33, 16, 33, and the last cent goes to the largest remainder, 0.6.
        assertDue(
                "EUR 0.83",
                List.of("EUR 0.33", "EUR 0.17", "EUR 0.33", "EUR 0.00"),
                Settlement.of(Price.perWork(Price.money("0.333", "EUR")), lines, Settlement.Facts.none(EUR)));
    }

    @Test
    void anAmountForEachUnitIsRoundedOnce() {
        // 0.0015 × (1,000 + 150.5 + 200) = 2.02575, rounded to 2.03. 203 cents by 1000 : 150.5 : 200 of 1350.5 are
        // 150.31…, 22.62… and 30.06…: rounded down 150, 22, 30, and the last cent goes to 0.62.
        assertDue(
                "EUR 2.03",
                List.of("EUR 1.50", "EUR 0.23", "EUR 0.30"),
                Settlement.of(Price.perUnit(Price.money("0.0015", "EUR"), "token"), LINES, Settlement.Facts.none(EUR)));
        // The won has no minor unit: 12.5 × 1350.5 = 16,881.25 → 16,881.
        // 16881 × 1000 / 1350.5 = 12,499.81…; × 150.5 = 1,881.22…; × 200 = 2,499.96…: down 12,499, 1,881, 2,499, two
        // remain and go to 0.96 and 0.81.
        assertDue(
                "KRW 16881",
                List.of("KRW 12500", "KRW 1881", "KRW 2500"),
                Settlement.of(Price.perUnit(Price.money("12.5", "KRW"), "page"), LINES, Settlement.Facts.none(KRW)));
    }

    @Test
    void aShareOfRevenueHasAFloorAndWeights() {
        TreeMap<String, BigDecimal> weights = new TreeMap<>(Map.of("poem", new BigDecimal(4)));
        Price price = Price.revenueShare(new BigDecimal("2.5"), Price.money("50", "EUR"), weights);
        // 2.5 % of 4,321.99 = 108.04975 → 108.05. Points: 1,000; 301 × 4 × 0.5 = 602; 200; together 1,802.
        // 10,805 cents × 1000 / 1802 = 5,996.11…; × 602 = 3,609.66…; × 200 = 1,199.22…: 5,996, 3,609, 1,199, one
        // remains.
        assertDue(
                "EUR 108.05",
                List.of("EUR 59.96", "EUR 36.10", "EUR 11.99"),
                Settlement.of(price, LINES, revenue("EUR 4321.99")));
        // 2.5 % of 1,999.99 = 49.99975 is below the floor. 5,000 × 1000 / 1802 = 2,774.69…; 1,670.36…; 554.93…
        assertDue(
                "EUR 50.00",
                List.of("EUR 27.75", "EUR 16.70", "EUR 5.55"),
                Settlement.of(price, LINES, revenue("EUR 1999.99")));
        assertDue("EUR 50.00", List.of(), Settlement.of(price, List.of(), revenue("EUR 0")));
        assertThrows(IllegalArgumentException.class, () -> Settlement.of(price, LINES, revenue("KRW 1000000")));
        assertThrows(IllegalArgumentException.class, () -> Settlement.of(price, LINES, Settlement.Facts.none(EUR)));
    }

    @Test
    void aPoolIsDividedAmongAllLicensors() {
        Price price = Price.pool(Price.money("1000000", "KRW"), new TreeMap<>(Map.of("poem", new BigDecimal("2"))));
        // Points: 1,000; 301 × 2 × 0.5 = 301; 200; together 1,501 of 4,503, which is a third: 333,333.33… → 333,333.
        // 333,333 × 1000 / 1501 = 222,073.9…; × 301 = 66,844.2…; × 200 = 44,414.79…: down 222,073, 66,844, 44,414, and
        // two remain for 0.95 and 0.79.
        assertDue(
                "KRW 333333",
                List.of("KRW 222074", "KRW 66844", "KRW 44415"),
                Settlement.of(price, LINES, new Settlement.Facts(null, new BigDecimal(4503), false, KRW)));
        assertThrows(
                IllegalArgumentException.class,
                () -> Settlement.of(price, LINES, new Settlement.Facts(null, new BigDecimal(1500), false, KRW)));
        assertDue(
                "KRW 0",
                List.of(),
                Settlement.of(price, List.of(), new Settlement.Facts(null, new BigDecimal(4503), false, KRW)));
    }

    @Test
    void halfAMinorUnitIsRoundedUp() {
        List<UsageLine> one = List.of(line("doi:10.1000/182", null, null, "1", "1"));
        for (String[] row :
                new String[][] {{"0.004", "0.00"}, {"0.005", "0.01"}, {"0.015", "0.02"}, {"0.025", "0.03"}}) {
            assertDue(
                    "EUR " + row[1],
                    List.of("EUR " + row[1]),
                    Settlement.of(Price.perWork(Price.money(row[0], "EUR")), one, Settlement.Facts.none(EUR)));
        }
    }

    @Test
    void aSocietyDividesByUse() {
        Settlement settlement =
                Settlement.of(Price.perUnit(Price.money("0.0015", "EUR"), "token"), LINES, Settlement.Facts.none(EUR));
        // 12.5 % of 2.03 = 0.25375, rounded down to 0.25. 178 cents remain, by 30 for nobody and 173 for members:
        // 26.30… and 151.69…: 26 and 151, and one goes to the members: 152. By 150 : 23 of 173: 131.79… and 20.20…
        DistributionKey.Distribution divided =
                DistributionKey.byUse(new BigDecimal("12.5")).divide(settlement, LINES);
        assertEquals(Money.parse("EUR 0.25"), divided.deducted());
        assertEquals(Money.parse("EUR 0.26"), divided.unassigned());
        assertEquals(
                Map.of("member-a", Money.parse("EUR 1.32"), "member-b", Money.parse("EUR 0.20")), divided.members());
    }

    @Test
    void aSocietyDividesByItsOwnWeights() {
        Settlement settlement = Settlement.of(Price.flat(Price.money("100", "EUR")), LINES, Settlement.Facts.none(EUR));
        // 100.00 less 10 % is 90.00, by 40 for nobody and 60 for members: 36.00 and 54.00. By 1 : 2: 18.00 and 36.00.
        DistributionKey.Distribution divided = new DistributionKey(
                        BigDecimal.TEN,
                        new TreeMap<>(Map.of(
                                "member-a", BigDecimal.ONE, "member-b", new BigDecimal(2), "member-c", BigDecimal.TEN)))
                .divide(settlement, LINES);
        assertEquals(Money.parse("EUR 36.00"), divided.unassigned());
        assertEquals(
                Map.of("member-a", Money.parse("EUR 18.00"), "member-b", Money.parse("EUR 36.00")), divided.members());
        // A member without a weight: its part is unassigned. 90.00 by 80 and 20: 72.00 and 18.00.
        DistributionKey.Distribution one = new DistributionKey(
                        BigDecimal.TEN, new TreeMap<>(Map.of("member-b", BigDecimal.ONE)))
                .divide(settlement, LINES);
        assertEquals(Money.parse("EUR 72.00"), one.unassigned());
        assertEquals(Map.of("member-b", Money.parse("EUR 18.00")), one.members());
    }

    @Test
    void partsAlwaysAddUp() {
        Random random = new Random(20261130);
        for (int round = 0; round < 2_000; round++) {
            List<UsageLine> lines = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                lines.add(new UsageLine(
                        "doi:10.1000/" + random.nextInt(5),
                        random.nextBoolean() ? "book" : null,
                        random.nextBoolean() ? "m" + random.nextInt(3) : null,
                        BigDecimal.valueOf(random.nextInt(100_000), random.nextInt(4)),
                        BigDecimal.valueOf(random.nextInt(1001), 3)));
            }
            Price price = Price.perUnit(
                    BigMoney.of(EUR, BigDecimal.valueOf(random.nextInt(1_000_000), random.nextInt(9))), "token");
            Settlement settlement = Settlement.of(price, lines, Settlement.Facts.none(EUR));
            Money sum = settlement.parts().stream().reduce(Money.zero(EUR), Money::plus);
            assertEquals(settlement.due(), sum);
            DistributionKey.Distribution divided = DistributionKey.byUse(BigDecimal.valueOf(random.nextInt(101)))
                    .divide(settlement, lines);
            Money all = divided.members().values().stream().reduce(Money.zero(EUR), Money::plus);
            assertEquals(settlement.due(), all.plus(divided.deducted()).plus(divided.unassigned()));
        }
    }

    @Test
    void theLargestRemainderDecidesAndThenTheEarlierPart() {
        assertEquals(List.of(4, 3, 3), parts(10, 1, 1, 1));
        assertEquals(List.of(2, 1, 0), parts(3, 2, 1, 0));
        assertEquals(List.of(0, 1), parts(1, 1, 2));
        assertEquals(List.of(), parts(0));
        assertThrows(IllegalArgumentException.class, () -> parts(1, 0, 0));
    }

    private static List<Integer> parts(int units, int... weights) {
        List<BigDecimal> list = new ArrayList<>();
        for (int weight : weights) {
            list.add(new BigDecimal(weight));
        }
        return Apportionment.divide(BigInteger.valueOf(units), list).stream()
                .map(BigInteger::intValueExact)
                .toList();
    }

    @Test
    void numbersOutOfBoundsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> line("doi:10.1000/182", null, null, "-1", "1"));
        assertThrows(IllegalArgumentException.class, () -> line("doi:10.1000/182", null, null, "1", "1.001"));
        assertThrows(IllegalArgumentException.class, () -> DistributionKey.byUse(new BigDecimal("100.5")));
    }
}
