package org.askfirst.registry.offer;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.askfirst.license.Decimals;
import org.askfirst.license.LicenseTerms;
import org.askfirst.license.ModelScope;
import org.askfirst.license.PayableRoute;
import org.askfirst.license.Price;
import org.askfirst.license.PriceBasis;
import org.askfirst.license.Reporting;
import org.askfirst.license.Territory;
import org.askfirst.license.Transfer;
import org.askfirst.problem.Reason;
import org.askfirst.registry.http.Members;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Use;
import org.joda.money.BigMoney;
import org.jspecify.annotations.Nullable;

/** Reads {@code LicenseTerms} strictly. */
public final class LicenseTermsRequest {
    /** The members of {@code LicenseTerms}. */
    private static final String[] MEMBERS = {
        "uses",
        "model",
        "transfer",
        "territory",
        "validFrom",
        "validTo",
        "price",
        "reporting",
        "route",
        "attribution",
        "text"
    };

    private static final List<String> USES =
            Arrays.stream(Use.values()).map(Use::wireName).toList();
    private static final List<String> SCOPES = Arrays.stream(ModelScope.Kind.values())
            .map(ModelScope.Kind::wireName)
            .toList();
    private static final List<String> TRANSFERS =
            Arrays.stream(Transfer.values()).map(Transfer::wireName).toList();
    private static final List<String> BASES =
            Arrays.stream(PriceBasis.values()).map(PriceBasis::wireName).toList();
    private static final List<String> REPORTS =
            Arrays.stream(Reporting.values()).map(Reporting::wireName).toList();
    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}|world");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final int MAX_COUNTRIES = 250;
    private static final int MAX_UNIT = 32;
    private static final String NUMBER = "a decimal number as a string, such as \"0.05\", with at most "
            + Decimals.MAX_WHOLE_DIGITS + " digits before the point and " + Decimals.MAX_FRACTION_DIGITS + " after it";

    private LicenseTermsRequest() {}

    /** The kinds of terms that are read. */
    public enum Kind {
        /** The terms of an offer: the end of the period may be missing. */
        OFFER,
        /** The terms of a license that a party wants: the end of the period is required, and the price is not. */
        WANTED
    }

    /**
     * Reads the terms in the member {@code terms}.
     *
     * @param now for refusing a period that is past; it is the beginning of a wanted period without one
     * @return null if a member is missing or wrong, which {@code body} has then collected
     */
    public static @Nullable LicenseTerms parse(Members body, Kind kind, Instant now) {
        body.require("terms");
        Members terms = body.object("terms", MEMBERS);
        if (terms == null) {
            return null;
        }
        Set<Use> uses = uses(terms);
        ModelScope model = model(terms, kind);
        Transfer transfer = Transfer.named(choice(terms, "transfer", TRANSFERS, Transfer.NONE.wireName()))
                .orElseThrow();
        Territory territory = territory(terms);
        Period period = period(terms, kind, now);
        Price price = price(terms, kind);
        Reporting reporting = Reporting.named(choice(terms, "reporting", REPORTS, Reporting.NONE.wireName()))
                .orElseThrow();
        PayableRoute route = route(terms);
        String attribution = terms.optionalText("attribution", LicenseTerms.MAX_ATTRIBUTION);
        String text = terms.optionalText("text", LicenseTerms.MAX_TEXT);
        if (!body.isSound() || price == null || territory == null) {
            return null;
        }
        return new LicenseTerms(uses, model, transfer, territory, period, price, reporting, route, attribution, text);
    }

    private static String choice(Members members, String name, List<String> choices, String otherwise) {
        String chosen = members.optionalChoice(name, choices);
        return chosen == null ? otherwise : chosen;
    }

    private static Set<Use> uses(Members terms) {
        Set<Use> uses = EnumSet.noneOf(Use.class);
        terms.optionalChoices("uses", USES.size(), USES)
                .forEach(name -> uses.add(Use.named(name).orElseThrow()));
        if (!terms.hasList("uses")) {
            terms.refuse("uses", Reason.MISSING, "give at least one use, such as [\"generative-ai-training\"]");
        }
        return uses;
    }

    private static ModelScope model(Members terms, Kind kind) {
        Members model = terms.object("model", "scope", "name", "version");
        if (model == null) {
            if (!terms.has("model")) {
                terms.refuse("model", Reason.MISSING, "say for which models, such as {\"scope\":\"model-version\"}");
            }
            return ModelScope.ANY;
        }
        model.require("scope", SCOPES);
        String scope = model.optionalChoice("scope", SCOPES);
        String name = model.optionalText("name", ModelScope.MAX_NAME);
        String version = model.optionalText("version", ModelScope.MAX_NAME);
        ModelScope.Kind extent =
                scope == null ? null : ModelScope.Kind.named(scope).orElseThrow();
        if (extent == null) {
            return ModelScope.ANY;
        }
        if (name != null && extent == ModelScope.Kind.ANY) {
            model.refuse("name", Reason.CONFLICT, "the scope any has no name");
            return ModelScope.ANY;
        }
        if (version != null && (extent != ModelScope.Kind.MODEL_VERSION || name == null)) {
            model.refuse("version", Reason.CONFLICT, "only a named model of the scope model-version has a version");
            return ModelScope.ANY;
        }
        if (kind == Kind.WANTED && extent != ModelScope.Kind.ANY && name == null && !model.has("name")) {
            model.refuse("name", Reason.MISSING, "name the model for which you ask");
        }
        if (kind == Kind.WANTED
                && extent == ModelScope.Kind.MODEL_VERSION
                && version == null
                && !model.has("version")) {
            model.refuse("version", Reason.MISSING, "name the version for which you ask");
        }
        return new ModelScope(extent, name, version);
    }

    private static @Nullable Territory territory(Members terms) {
        List<String> names = terms.optionalTexts(
                "territory", MAX_COUNTRIES, COUNTRY, "an ISO 3166-1 code of two capitals, or world");
        if (!terms.hasList("territory")) {
            return terms.has("territory") && !terms.isSound() ? null : Territory.WORLD;
        }
        for (String name : names) {
            if (name.equals(Territory.WORLD_NAME) ? names.size() > 1 : !Territory.isCountry(name)) {
                terms.refuse(
                        "territory",
                        name.equals(Territory.WORLD_NAME) ? Reason.CONFLICT : Reason.UNKNOWN_VALUE,
                        name.equals(Territory.WORLD_NAME)
                                ? "give world alone"
                                : "ISO 3166-1 has no country " + Members.shown(name));
                return null;
            }
        }
        return names.isEmpty() ? null : Territory.parse(names);
    }

    private static Period period(Members terms, Kind kind, Instant now) {
        Instant from = terms.optionalMoment("validFrom");
        Instant to = terms.optionalMoment("validTo");
        if (kind == Kind.WANTED) {
            from = from == null ? now : from;
            if (!terms.has("validTo")) {
                terms.refuse("validTo", Reason.MISSING, "say when the license ends; a license for ever does not exist");
            }
        }
        if (to != null && !to.isAfter(now)) {
            terms.refuse("validTo", Reason.PAST, "this moment is in the past; the license would never be in force");
            return Period.ALWAYS;
        }
        if (from != null && to != null && !from.isBefore(to)) {
            terms.refuse("validTo", Reason.NOT_AFTER_START, "give a moment later than validFrom");
            return Period.ALWAYS;
        }
        return new Period(from, to);
    }

    private static @Nullable Price price(Members terms, Kind kind) {
        Members price = terms.object("price", "basis", "amount", "currency", "unit", "percent", "weights");
        if (price == null) {
            if (!terms.has("price") && kind == Kind.OFFER) {
                terms.refuse("price", Reason.MISSING, "give a price, such as {\"basis\":\"negotiated\"}");
            }
            return terms.has("price") || kind == Kind.OFFER ? null : Price.NEGOTIATED;
        }
        price.require("basis", BASES);
        String named = price.optionalChoice("basis", BASES);
        BigMoney amount = amount(price);
        String unit = price.optionalText(
                "unit", MAX_UNIT, Price.UNIT, "lower-case letters, digits and hyphens, such as token");
        String percent = price.optionalText("percent", Decimals.MAX_LENGTH, Decimals.PATTERN, NUMBER);
        SortedMap<String, BigDecimal> weights = weights(price);
        if (named == null || !terms.isSound()) {
            return null;
        }
        PriceBasis basis = PriceBasis.named(named).orElseThrow();
        boolean counted = basis == PriceBasis.FLAT || basis == PriceBasis.PER_WORK || basis == PriceBasis.PER_UNIT;
        boolean shared = basis == PriceBasis.REVENUE_SHARE || basis == PriceBasis.POOL;
        match(price, "amount", basis, counted, counted || shared);
        match(price, "unit", basis, basis == PriceBasis.PER_UNIT, basis == PriceBasis.PER_UNIT);
        match(price, "percent", basis, basis == PriceBasis.REVENUE_SHARE, basis == PriceBasis.REVENUE_SHARE);
        match(price, "weights", basis, false, shared);
        BigDecimal share = percent == null ? null : Decimals.parse(percent);
        if (share != null && (share.signum() == 0 || share.compareTo(new BigDecimal(100)) > 0)) {
            price.refuse("percent", Reason.OUT_OF_RANGE, "give a number greater than 0 and at most 100");
        }
        return terms.isSound() ? new Price(basis, amount, unit, share, weights) : null;
    }

    /** Refuses a part that the basis must have and that is absent, or that it cannot have and that is present. */
    private static void match(Members price, String name, PriceBasis basis, boolean must, boolean may) {
        if (must && !price.has(name)) {
            price.refuse(name, Reason.MISSING, "a price of the basis " + basis.wireName() + " needs it");
        } else if (!may && price.has(name)) {
            price.refuse(name, Reason.CONFLICT, "a price of the basis " + basis.wireName() + " does not have it");
        }
    }

    private static @Nullable BigMoney amount(Members price) {
        String amount = price.optionalText("amount", Decimals.MAX_LENGTH, Decimals.PATTERN, NUMBER);
        String currency = price.optionalText("currency", 3, CURRENCY, "an ISO 4217 code such as KRW");
        if (price.has("amount") != price.has("currency")) {
            price.refuse(
                    price.has("amount") ? "currency" : "amount",
                    Reason.MISSING,
                    "give an amount and its currency together");
            return null;
        }
        if (currency != null && !Price.isCurrency(currency)) {
            price.refuse("currency", Reason.UNKNOWN_VALUE, "ISO 4217 has no such currency in which people pay");
            return null;
        }
        return amount == null || currency == null ? null : Price.money(amount, currency);
    }

    private static SortedMap<String, BigDecimal> weights(Members price) {
        SortedMap<String, BigDecimal> weights = new TreeMap<>();
        JsonNode raw = price.raw("weights");
        if (raw != null && raw.isObject() && raw.size() > Price.MAX_WEIGHTS) {
            price.refuse("weights", Reason.TOO_MANY, "give at most " + Price.MAX_WEIGHTS + " kinds of work");
            return weights;
        }
        String[] kinds = raw == null || !raw.isObject()
                ? new String[0]
                : raw.properties().stream().map(Map.Entry::getKey).toArray(String[]::new);
        Members listed = price.object("weights", kinds);
        if (listed == null) {
            return weights;
        }
        for (String kind : kinds) {
            String weight = listed.optionalText(kind, Decimals.MAX_LENGTH, Decimals.PATTERN, NUMBER);
            if (kind.isBlank() || !Members.isText(kind, Price.MAX_KIND)) {
                price.refuse("weights", Reason.MALFORMED, "a kind of work is empty or too long");
            } else if (weight != null) {
                weights.put(kind, Decimals.parse(weight));
            }
        }
        return weights;
    }

    private static @Nullable PayableRoute route(Members terms) {
        Members route = terms.object("route", "kind", "uri");
        if (route == null) {
            return null;
        }
        route.require("kind");
        route.require("uri");
        String kind = route.optionalText(
                "kind", MAX_UNIT, PayableRoute.KIND, "lower-case letters, digits and hyphens, such as x402");
        String uri = route.optionalWebAddress("uri");
        if (uri != null && !uri.startsWith("https://")) {
            route.refuse("uri", Reason.MALFORMED, "give an https address");
            return null;
        }
        return kind == null || uri == null ? null : new PayableRoute(kind, uri);
    }
}
