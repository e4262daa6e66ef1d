package org.askfirst.registry.report;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.quarkus.test.junit.QuarkusTest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.askfirst.license.Price;
import org.askfirst.license.Settlement;
import org.askfirst.license.UsageLine;
import org.askfirst.registry.house.RegistryTest;
import org.joda.money.BigMoney;
import org.joda.money.CurrencyUnit;
import org.junit.jupiter.api.Test;

/** Statements over HTTP that were computed by hand, with pencil and paper, for each basis of a price. */
@QuarkusTest
class StatementGoldenTest extends RegistryTest {
    private static final Map<String, String> WEIGHTS = Map.of("poem", "1.5");

    private static Map<String, String> perWork(String amount) {
        return Map.of("basis", "per-work", "amount", amount, "currency", "EUR");
    }

    private static void assertStatement(Reporting reporting, String due, List<String> parts, String arithmetic) {
        Map<String, Object> statement = reporting.statement(1);
        assertEquals(due, statement.get("due"));
        assertEquals(parts, reporting.ofLines(1, "part"));
        assertEquals(arithmetic, statement.get("arithmetic"));
        reporting.licensee.asks().get(reporting.path(1) + "/statement").then().body("", equalTo(statement));
    }

    @Test
    void whatIsFreeCostsNothing() {
        Reporting reporting = new Reporting(Map.of("basis", "free"));
        reporting.files(1, Map.of(), reporting.usual());
        assertStatement(reporting, "0", List.of("0", "0", "0"), "free: 0");
    }

    @Test
    void aNegotiatedPriceIsNotComputed() {
        Reporting reporting = new Reporting(Map.of("basis", "negotiated"));
        reporting.files(1, Map.of(), reporting.usual());
        Map<String, Object> statement = reporting.statement(1);
        assertFalse(statement.containsKey("due"));
        assertEquals("negotiated: not computed", statement.get("arithmetic"));
        assertEquals(List.of("null", "null", "null"), reporting.ofLines(1, "part"));
    }

    @Test
    void aFlatAmountIsDividedByShares() {
        // 100.00 by 1 : 0.5 : 1. 10,000 cents / 2.5 = 4,000 : 2,000 : 4,000.
        Reporting reporting = new Reporting(Map.of("basis", "flat", "amount", "100", "currency", "EUR"));
        reporting.files(1, Map.of(), reporting.usual());
        assertStatement(reporting, "100.00", List.of("40.00", "20.00", "40.00"), "once: 100.00 EUR");
    }

    @Test
    void aFlatAmountIsDueWithoutLines() {
        Reporting reporting = new Reporting(Map.of("basis", "flat", "amount", "100", "currency", "EUR"));
        reporting.opening(1, Map.of()).statusCode(200);
        reporting.filing(1, 0).statusCode(200).body("due", equalTo("100.00"));
        assertEquals("100.00", reporting.statement(1).get("unassigned"));
    }

    @Test
    void anAmountForEachWork() {
        // 2.5 works × 0.33 = 0.825, rounded up to 0.83. 83 cents by 1 : 0.5 : 1 = 33.2 : 16.6 : 33.2, and the one that
        // remains goes to the poem.
        Reporting reporting = new Reporting(perWork("0.33"));
        reporting
                .society
                .says(Map.of("deduction", "10"))
                .put("/v1/parties/me/distribution-key")
                .then()
                .statusCode(200);
        reporting.files(1, Map.of(), reporting.usual());
        assertStatement(reporting, "0.83", List.of("0.33", "0.17", "0.33"), "2.5 works × 0.33 EUR = 0.825 → 0.83 EUR");
        // 10 % of 83 is 8, rounded down. The other 75 by 33 for the society's own work and 50 for its members is
        // 29.8 : 45.2, so 30 : 45. The 45 by 33 : 17 is 29.7 : 15.3, so 30 : 15.
        Map<String, Object> statement = reporting.statement(1);
        assertEquals("0.08", statement.get("deducted"));
        assertEquals("0.30", statement.get("unassigned"));
        assertEquals("use", statement.get("dividedBy"));
        String members = reporting.path(1) + "/statement/members";
        reporting
                .society
                .asks()
                .get(members)
                .then()
                .body("currency", equalTo("EUR"))
                .body(amount(reporting.moon.id()), equalTo(List.of("0.30")))
                .body(amount(reporting.river.id()), equalTo(List.of("0.15")));
        reporting
                .society
                .asks()
                .queryParam("period", reporting.period)
                .get("/v1/statements/members")
                .then()
                .body(amount(reporting.moon.id()), equalTo(List.of("0.30")))
                .body("members.size()", equalTo(2));
        reporting.licensee.asks().get("/v1/statements/members").then().body("members.size()", equalTo(0));
    }

    private static String amount(String member) {
        return "members.findAll { it.member == '" + member + "' }.amount";
    }

    @Test
    void fixedWeightsDivideWhatIsDueAmongMembers() {
        // 2.5 × 100 = 250.00, parts 100 : 50 : 100. Nothing is deducted. 100 is the society's, 150 its members'.
        // By 2 : 1 these are 100.00 and 50.00. With a weight for one member only, it receives its own part.
        Reporting reporting = new Reporting(perWork("100"));
        reporting
                .society
                .says(Map.of("deduction", "0", "weights", Map.of(reporting.river.id(), "2", reporting.moon.id(), "1")))
                .put("/v1/parties/me/distribution-key")
                .then()
                .statusCode(200);
        reporting.files(1, Map.of(), reporting.usual());
        reporting
                .society
                .asks()
                .get(reporting.path(1) + "/statement/members")
                .then()
                .body(amount(reporting.river.id()), equalTo(List.of("100.00")))
                .body(amount(reporting.moon.id()), equalTo(List.of("50.00")));
        assertEquals("weights", reporting.statement(1).get("dividedBy"));
    }

    @Test
    void aWorkCountsOnce() {
        // The second use of the book is accepted, and its part is nothing: 2.5 works × 1.
        Reporting reporting = new Reporting(perWork("1"));
        List<String> lines = new ArrayList<>(List.of(reporting.usual()));
        lines.add(Reporting.line(reporting.book, "7", "1", "book", "second-run"));
        reporting.files(1, Map.of(), lines.toArray(String[]::new));
        assertStatement(
                reporting, "2.50", List.of("1.00", "0.50", "1.00", "0.00"), "2.5 works × 1 EUR = 2.5 → 2.50 EUR");
    }

    @Test
    void anAmountForEachUnit() {
        // 1,000 + 301 × 0.5 + 200 = 1,350.5. × 0.0015 = 2.02575, so 2.03. 203 cents by 1,000 : 150.5 : 200 are
        // 150.31 : 22.62 : 30.06, and the one that remains goes to the poem.
        Reporting reporting =
                new Reporting(Map.of("basis", "per-unit", "amount", "0.0015", "currency", "EUR", "unit", "token"));
        reporting.files(1, Map.of(), reporting.usual());
        assertStatement(
                reporting, "2.03", List.of("1.50", "0.23", "0.30"), "1350.5 token × 0.0015 EUR = 2.02575 → 2.03 EUR");
    }

    @Test
    void aShareOfRevenue() {
        // 3 % of 1,234.56 is 37.0368, so 37.04. Points: 1,000; 301 × 1.5 × 0.5 = 225.75; 200; together 1,425.75.
        // 3,704 cents are 2,597.93 : 586.48 : 519.59. Two remain, for the first and the third.
        Reporting reporting = new Reporting(Map.of(
                "basis", "revenue-share", "percent", "3", "amount", "10", "currency", "EUR", "weights", WEIGHTS));
        reporting.files(1, Map.of("revenue", Map.of("amount", "1234.56", "currency", "EUR")), reporting.usual());
        assertStatement(
                reporting,
                "37.04",
                List.of("25.98", "5.86", "5.20"),
                "3 % × 1234.56 EUR = 37.0368 EUR, at least 10 EUR → 37.04 EUR");
        // 3 % of 100 is less than the floor.
        reporting.files(2, Map.of("revenue", Map.of("amount", "100", "currency", "EUR")), reporting.usual());
        assertEquals("10.00", reporting.statement(2).get("due"));
    }

    @Test
    void aPartOfAPool() {
        // 500 × 1,425.75 / 10,000 = 71.2875, so 71.29. 7,129 cents are 5,000.18 : 1,128.79 : 1,000.04. One remains.
        Reporting reporting = new Reporting(Map.of("basis", "pool", "weights", WEIGHTS));
        Map<String, Object> facts = Map.of("pool", Map.of("amount", "500", "currency", "EUR"), "poolPoints", "10000");
        reporting.files(1, facts, reporting.usual());
        assertStatement(
                reporting,
                "71.29",
                List.of("50.00", "11.29", "10.00"),
                "500 EUR × 1425.75 points / 10000 points → 71.29 EUR");
        reporting
                .opening(2, Map.of("pool", Map.of("amount", "500", "currency", "EUR"), "poolPoints", "1425"))
                .statusCode(200);
        reporting.sending(2, reporting.usual()).statusCode(200);
        reporting.filing(2, 3).statusCode(422).body("errors[0].pointer", equalTo("#/poolPoints"));
    }

    @Test
    void wonHaveNoFractions() {
        // 3 × 0.5 = 1.5 won, so 2. Of 2 won by 1 : 1 : 1 each has the quota 0.67, so the two earlier lines get one.
        Reporting reporting =
                new Reporting(Map.of("basis", "per-unit", "amount", "0.5", "currency", "KRW", "unit", "call"));
        reporting.files(
                1,
                Map.of(),
                Reporting.line(reporting.book, "1", "1", "", ""),
                Reporting.line(reporting.poem, "1", "1", "", ""),
                Reporting.line(reporting.ownBook, "1", "1", "", ""));
        assertStatement(reporting, "2", List.of("1", "1", "0"), "3 call × 0.5 KRW = 1.5 → 2 KRW");
    }

    /** The parts that the database computes for many lines are those of the settlement of the core for a list. */
    @Test
    void randomLinesHaveThePartsOfTheSettlement() {
        Reporting reporting = new Reporting(Map.of("basis", "revenue-share", "percent", "7.3", "weights", WEIGHTS));
        Random random = new Random(7);
        List<UsageLine> usage = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        List<String> works = List.of(reporting.book, reporting.poem, reporting.ownBook);
        for (int i = 0; i < 997; i++) {
            String work = works.get(random.nextInt(3));
            BigDecimal units = BigDecimal.valueOf(random.nextInt(50), random.nextInt(4));
            BigDecimal share = BigDecimal.valueOf(random.nextInt(101), 2);
            String kind = random.nextBoolean() ? "poem" : "book";
            lines.add(Reporting.line(work, units.toPlainString(), share.toPlainString(), kind, "use-" + i));
            usage.add(new UsageLine(work, kind, null, units, share));
        }
        reporting.files(
                1, Map.of("revenue", Map.of("amount", "98765.43", "currency", "USD")), lines.toArray(String[]::new));
        Price price =
                Price.revenueShare(new BigDecimal("7.3"), null, new TreeMap<>(Map.of("poem", new BigDecimal("1.5"))));
        Settlement settlement = Settlement.of(
                price, usage, new Settlement.Facts(BigMoney.parse("USD 98765.43"), null, false, CurrencyUnit.USD));
        assertEquals(
                settlement.parts().stream()
                        .map(part -> part.getAmount().toPlainString())
                        .toList(),
                reporting.ofLines(1, "part"));
        assertEquals("7209.88", reporting.statement(1).get("due"));
    }

    @Test
    void theFactsFitThePrice() {
        Reporting reporting =
                new Reporting(Map.of("basis", "revenue-share", "percent", "3", "amount", "10", "currency", "EUR"));
        reporting.opening(1, Map.of()).statusCode(422).body("errors[0].reason", equalTo("missing"));
        reporting
                .opening(1, Map.of("revenue", Map.of("amount", "1", "currency", "KRW")))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("#/revenue"));
        reporting
                .opening(1, Map.of("revenue", Map.of("amount", "1", "currency", "EUR"), "poolPoints", "1"))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("#/poolPoints"))
                .body("errors[1]", nullValue());
    }
}
