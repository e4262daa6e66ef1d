package org.askfirst.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Use;
import org.joda.money.BigMoney;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LicenseTermsTest {
    private static final Instant START = Instant.parse("2027-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2028-01-01T00:00:00Z");

    private static final LicenseTerms COUNCIL = new LicenseTerms(
            Set.of(Use.GENERATIVE_AI_TRAINING, Use.AI_INPUT),
            new ModelScope(ModelScope.Kind.MODEL_VERSION, null, null),
            Transfer.SAME_TERMS,
            new Territory(List.of("KR", "JP", "KR")),
            new Period(START, null),
            Price.revenueShare(
                    new BigDecimal("3.50"), Price.money("5000000", "KRW"), weights("webtoon", "1.50", "novel", "2")),
            Reporting.QUARTER,
            new PayableRoute("x402", "https://pay.example/council"),
            "작가 김하늘",
            "Ask for more.");

    @Test
    void termsOfACouncilHaveOneText() {
        assertEquals(
                "{\"attribution\":\"작가 김하늘\",\"model\":{\"scope\":\"model-version\"},\"price\":{\"amount\":\"5000000\","
                        + "\"basis\":\"revenue-share\",\"currency\":\"KRW\",\"percent\":\"3.5\",\"weights\":{\"novel\":\"2\","
                        + "\"webtoon\":\"1.5\"}},\"reporting\":\"quarter\",\"route\":{\"kind\":\"x402\","
                        + "\"uri\":\"https://pay.example/council\"},\"territory\":[\"JP\",\"KR\"],\"text\":\"Ask for more.\","
                        + "\"transfer\":\"same-terms\",\"uses\":[\"generative-ai-training\",\"ai-input\"],"
                        + "\"validFrom\":\"2027-01-01T00:00:00.000000Z\"}",
                COUNCIL.toJson());
    }

    @Test
    void textsOfEveryBasisReadBack() {
        for (Price price : List.of(
                Price.FREE,
                Price.NEGOTIATED,
                Price.flat(Price.money("0.5", "USD")),
                Price.perWork(Price.money("0.000000001", "KWD")),
                Price.perUnit(Price.money("999999999999.999999999", "EUR"), "thousand-tokens"),
                Price.revenueShare(new BigDecimal("100"), null, new TreeMap<>()),
                Price.pool(null, weights("book", "0")),
                Price.pool(Price.money("1000000", "KRW"), new TreeMap<>()))) {
            LicenseTerms terms = priced(price);
            assertEquals(terms, LicenseTerms.parse(terms.toJson()), price.toString());
        }
        assertEquals(COUNCIL, LicenseTerms.parse(COUNCIL.toJson()));
        assertEquals(7, PriceBasis.values().length, "a new basis needs a line above");
    }

    @Test
    void equalAmountsAreEqual() {
        assertEquals(Price.money("0.5", "USD"), Price.money("0.500", "USD"));
        assertEquals("0.50", Price.money("0.5", "USD").getAmount().toPlainString());
        assertEquals("100", Price.money("100.000", "KRW").getAmount().toPlainString());
        assertEquals(Price.flat(Price.money("1.5", "EUR")), Price.flat(BigMoney.parse("EUR 1.500000")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+1",
                "01",
                "1.",
                ".5",
                "1e3",
                "1,000",
                "1234567890123",
                "0.1234567890",
                "NaN",
                "１",
                " 1"
            })
    void otherTextsAreNoNumbers(String text) {
        assertThrows(IllegalArgumentException.class, () -> Decimals.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"XAU", "XXX", "XTS", "BTC", "usd", "", "KR", "XBT"})
    void codesWithoutMoneyAreNoCurrencies(String code) {
        assertFalse(Price.isCurrency(code));
        assertThrows(IllegalArgumentException.class, () -> Price.money("1", code));
    }

    @Test
    void partsOfAnotherBasisAreRefused() {
        BigMoney one = Price.money("1", "KRW");
        BigDecimal half = new BigDecimal("0.5");
        SortedMap<String, BigDecimal> none = new TreeMap<>();
        SortedMap<String, BigDecimal> some = weights("book", "2");
        refused(PriceBasis.FREE, one, null, null, none);
        refused(PriceBasis.NEGOTIATED, null, "token", null, none);
        refused(PriceBasis.FLAT, null, null, null, none);
        refused(PriceBasis.FLAT, one, null, null, some);
        refused(PriceBasis.PER_WORK, one, "token", null, none);
        refused(PriceBasis.PER_UNIT, one, null, null, none);
        refused(PriceBasis.PER_UNIT, one, "A token", null, none);
        refused(PriceBasis.REVENUE_SHARE, one, null, null, some);
        refused(PriceBasis.REVENUE_SHARE, null, null, BigDecimal.ZERO, none);
        refused(PriceBasis.REVENUE_SHARE, null, null, new BigDecimal("100.1"), none);
        refused(PriceBasis.POOL, one, null, half, none);
        refused(PriceBasis.POOL, null, null, null, weights(" ", "1"));
        refused(PriceBasis.POOL, null, null, null, weights("book", "-1"));
        refused(PriceBasis.FLAT, BigMoney.of(one.getCurrencyUnit(), new BigDecimal("1E+13")), null, null, none);
    }

    @Test
    void offersCoverWhatIsNotWider() {
        LicenseTerms asked = new LicenseTerms(
                Set.of(Use.GENERATIVE_AI_TRAINING),
                new ModelScope(ModelScope.Kind.MODEL_VERSION, "Hangang", "2"),
                Transfer.NONE,
                new Territory(List.of("KR")),
                new Period(START, END),
                Price.FREE,
                Reporting.NONE,
                null,
                null,
                null);
        assertTrue(COUNCIL.covers(asked));
        LicenseTerms narrowed = COUNCIL.narrowedTo(asked);
        assertEquals(COUNCIL.price(), narrowed.price());
        assertEquals(Reporting.QUARTER, narrowed.reporting());
        assertEquals(asked.period(), narrowed.period());
        assertEquals("Hangang", narrowed.model().name());
        assertFalse(COUNCIL.covers(asked.withPeriod(Period.ALWAYS)), "no beginning");
        assertFalse(COUNCIL.withPeriod(new Period(START, END)).covers(asked.withPeriod(new Period(START, null))));
        assertFalse(COUNCIL.covers(with(asked, Set.of(Use.AI_TRAINING), asked.model(), asked.territory())));
        assertFalse(COUNCIL.covers(with(asked, asked.uses(), ModelScope.ANY, asked.territory())));
        assertFalse(COUNCIL.covers(with(asked, asked.uses(), asked.model(), Territory.WORLD)));
        assertFalse(asked.covers(COUNCIL), "the transfer is wider");
        assertThrows(IllegalArgumentException.class, () -> asked.narrowedTo(COUNCIL));
    }

    @Test
    void anUmbrellaCoversItsLeaves() {
        LicenseTerms umbrella = with(priced(Price.FREE), Set.of(Use.AI_TRAINING), ModelScope.ANY, Territory.WORLD);
        LicenseTerms leaves = with(
                umbrella,
                Set.of(Use.GENERATIVE_AI_TRAINING, Use.NON_GENERATIVE_AI_TRAINING),
                ModelScope.ANY,
                Territory.WORLD);
        assertTrue(umbrella.covers(leaves));
        assertTrue(leaves.covers(umbrella));
    }

    @Test
    void modelsCoverTheirVersions() {
        ModelScope model = new ModelScope(ModelScope.Kind.MODEL, "Hangang", null);
        ModelScope version = new ModelScope(ModelScope.Kind.MODEL_VERSION, "Hangang", "2");
        assertTrue(model.covers(version));
        assertFalse(version.covers(model));
        assertFalse(version.covers(new ModelScope(ModelScope.Kind.MODEL_VERSION, "Hangang", "3")));
        assertFalse(model.covers(new ModelScope(ModelScope.Kind.MODEL, "Nakdong", null)));
        assertThrows(IllegalArgumentException.class, () -> new ModelScope(ModelScope.Kind.ANY, "Hangang", null));
        assertThrows(IllegalArgumentException.class, () -> new ModelScope(ModelScope.Kind.MODEL_VERSION, null, "2"));
    }

    @Test
    void territoriesAreCountriesOrTheWorld() {
        assertEquals(List.of("world"), Territory.parse(List.of("world")).toWire());
        assertThrows(IllegalArgumentException.class, () -> Territory.parse(List.of()));
        assertThrows(IllegalArgumentException.class, () -> Territory.parse(List.of("world", "KR")));
        assertThrows(IllegalArgumentException.class, () -> Territory.parse(List.of("EU")));
        assertTrue(Territory.WORLD.covers(Territory.parse(List.of("KR"))));
        assertFalse(Territory.parse(List.of("KR")).covers(Territory.WORLD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"uses\":[]}",
                "{\"uses\":[\"mining\"],\"model\":{\"scope\":\"any\"},\"transfer\":\"none\",\"territory\":[\"world\"],"
                        + "\"price\":{\"basis\":\"free\"},\"reporting\":\"none\"}",
                "{\"uses\":[\"ai-input\"],\"model\":{\"scope\":\"any\"},\"transfer\":\"none\",\"territory\":[\"world\"],"
                        + "\"price\":{\"basis\":\"free\",\"amount\":3},\"reporting\":\"none\"}",
                "{\"uses\":[\"ai-input\"],\"model\":{\"scope\":\"any\"},\"transfer\":\"none\",\"territory\":[\"world\"],"
                        + "\"price\":{\"basis\":\"free\"},\"reporting\":\"none\",\"validTo\":\"tomorrow\"}"
            })
    void otherTextsAreNoTerms(String text) {
        assertThrows(IllegalArgumentException.class, () -> LicenseTerms.parse(text));
    }

    @Test
    void publicTermsHaveNoText() {
        assertFalse(COUNCIL.withoutConfidential().toJson().contains("김하늘"));
        assertEquals(COUNCIL, COUNCIL.withoutConfidential().withConfidential(COUNCIL.attribution(), COUNCIL.text()));
    }

    @Test
    void routesLeadToTheWeb() {
        assertThrows(IllegalArgumentException.class, () -> new PayableRoute("x402", "http://pay.example/"));
        assertThrows(IllegalArgumentException.class, () -> new PayableRoute("X 402", "https://pay.example/"));
    }

    private static LicenseTerms priced(Price price) {
        return new LicenseTerms(
                Set.of(Use.AI_INPUT),
                ModelScope.ANY,
                Transfer.NONE,
                Territory.WORLD,
                Period.ALWAYS,
                price,
                Reporting.NONE,
                null,
                null,
                null);
    }

    private static LicenseTerms with(LicenseTerms terms, Set<Use> uses, ModelScope model, Territory territory) {
        return new LicenseTerms(
                uses,
                model,
                terms.transfer(),
                territory,
                terms.period(),
                terms.price(),
                terms.reporting(),
                null,
                null,
                null);
    }

    private static SortedMap<String, BigDecimal> weights(String... pairs) {
        SortedMap<String, BigDecimal> weights = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            weights.put(pairs[i], new BigDecimal(pairs[i + 1]));
        }
        return weights;
    }

    private static void refused(
            PriceBasis basis,
            @Nullable BigMoney amount,
            @Nullable String unit,
            @Nullable BigDecimal percent,
            Map<String, BigDecimal> weights) {
        assertThrows(
                IllegalArgumentException.class, () -> new Price(basis, amount, unit, percent, new TreeMap<>(weights)));
    }
}
