package org.askfirst.license;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Use;
import org.joda.money.BigMoney;
import org.jspecify.annotations.Nullable;

/** Converts terms to and from the members of their canonical JSON. Equal terms have equal texts. */
final class LicenseTermsCodec {
    /** Always writes six digits of a second, as entries do. */
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private LicenseTermsCodec() {}

    static Map<String, Object> write(LicenseTerms terms) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("uses", terms.uses().stream().map(Use::wireName).toList());
        tree.put("model", write(terms.model()));
        tree.put("transfer", terms.transfer().wireName());
        tree.put("territory", terms.territory().toWire());
        put(tree, "validFrom", moment(terms.period().from()));
        put(tree, "validTo", moment(terms.period().to()));
        tree.put("price", write(terms.price()));
        tree.put("reporting", terms.reporting().wireName());
        PayableRoute route = terms.route();
        if (route != null) {
            tree.put("route", new TreeMap<>(Map.of("kind", route.kind(), "uri", route.uri())));
        }
        put(tree, "attribution", terms.attribution());
        put(tree, "text", terms.text());
        return tree;
    }

    private static Map<String, Object> write(ModelScope model) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("scope", model.kind().wireName());
        put(tree, "name", model.name());
        put(tree, "version", model.version());
        return tree;
    }

    private static Map<String, Object> write(Price price) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("basis", price.basis().wireName());
        BigMoney amount = price.amount();
        if (amount != null) {
            tree.put("amount", amount.getAmount().toPlainString());
            tree.put("currency", amount.getCurrencyUnit().getCode());
        }
        put(tree, "unit", price.unit());
        BigDecimal percent = price.percent();
        put(tree, "percent", percent == null ? null : Decimals.write(percent));
        if (!price.weights().isEmpty()) {
            Map<String, Object> weights = new TreeMap<>();
            price.weights().forEach((kind, weight) -> weights.put(kind, Decimals.write(weight)));
            tree.put("weights", weights);
        }
        return tree;
    }

    static LicenseTerms read(Map<?, ?> tree) {
        Map<?, ?> route = optionalObject(tree, "route");
        return new LicenseTerms(
                uses(tree),
                model(object(tree, "model")),
                Transfer.named(text(tree, "transfer")).orElseThrow(() -> unknown("transfer")),
                Territory.parse(texts(tree, "territory")),
                new Period(moment(tree, "validFrom"), moment(tree, "validTo")),
                price(object(tree, "price")),
                Reporting.named(text(tree, "reporting")).orElseThrow(() -> unknown("reporting")),
                route == null ? null : new PayableRoute(text(route, "kind"), text(route, "uri")),
                optionalText(tree, "attribution"),
                optionalText(tree, "text"));
    }

    private static Set<Use> uses(Map<?, ?> tree) {
        Set<Use> uses = EnumSet.noneOf(Use.class);
        texts(tree, "uses").forEach(name -> uses.add(Use.named(name).orElseThrow(() -> unknown("use"))));
        return uses;
    }

    private static ModelScope model(Map<?, ?> tree) {
        return new ModelScope(
                ModelScope.Kind.named(text(tree, "scope")).orElseThrow(() -> unknown("model")),
                optionalText(tree, "name"),
                optionalText(tree, "version"));
    }

    private static Price price(Map<?, ?> tree) {
        String amount = optionalText(tree, "amount");
        String percent = optionalText(tree, "percent");
        SortedMap<String, BigDecimal> weights = new TreeMap<>();
        Map<?, ?> listed = optionalObject(tree, "weights");
        if (listed != null) {
            listed.forEach((kind, weight) -> weights.put(String.valueOf(kind), Decimals.parse(String.valueOf(weight))));
        }
        return new Price(
                PriceBasis.named(text(tree, "basis")).orElseThrow(() -> unknown("price")),
                amount == null ? null : Price.money(amount, text(tree, "currency")),
                optionalText(tree, "unit"),
                percent == null ? null : Decimals.parse(percent),
                weights);
    }

    private static void put(Map<String, Object> tree, String name, @Nullable Object value) {
        if (value != null) {
            tree.put(name, value);
        }
    }

    private static @Nullable String moment(@Nullable Instant moment) {
        return moment == null ? null : MOMENT.format(moment);
    }

    private static @Nullable Instant moment(Map<?, ?> tree, String name) {
        String text = optionalText(tree, name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw new IllegalArgumentException("malformed terms: " + name + " is no moment", malformed);
        }
    }

    private static String text(Map<?, ?> tree, String name) {
        String text = optionalText(tree, name);
        if (text == null) {
            throw unknown(name);
        }
        return text;
    }

    private static @Nullable String optionalText(Map<?, ?> tree, String name) {
        Object value = tree.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw unknown(name);
    }

    private static List<String> texts(Map<?, ?> tree, String name) {
        if (tree.get(name) instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        throw unknown(name);
    }

    private static Map<?, ?> object(Map<?, ?> tree, String name) {
        Map<?, ?> object = optionalObject(tree, name);
        if (object == null) {
            throw unknown(name);
        }
        return object;
    }

    private static @Nullable Map<?, ?> optionalObject(Map<?, ?> tree, String name) {
        Object value = tree.get(name);
        if (value == null || value instanceof Map<?, ?>) {
            return (Map<?, ?>) value;
        }
        throw unknown(name);
    }

    private static IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException("malformed terms: " + what + " is missing or not known");
    }
}
