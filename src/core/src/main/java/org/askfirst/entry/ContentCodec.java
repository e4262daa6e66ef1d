package org.askfirst.entry;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.askfirst.subject.Subject;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/**
 * Converts the content of a declaration to and from the members of its entry. The confidential part is not written.
 */
final class ContentCodec {
    private ContentCodec() {}

    static Map<String, Object> write(Content content) {
        Map<String, Object> tree = new TreeMap<>();
        if (content.repertoire() == null) {
            tree.put(
                    "subjects",
                    content.subjects().stream().map(Subject::canonical).toList());
        } else {
            tree.put("repertoire", true);
        }
        tree.put("stances", content.stances().toWire());
        write(content.period(), tree);
        put(
                tree,
                "mandate",
                content.mandate() == null ? null : content.mandate().toString());
        put(tree, "market", content.market() == null ? null : write(content.market()));
        Map<String, Object> terms = write(content.terms().withoutConfidential());
        if (!terms.isEmpty()) {
            tree.put("terms", terms);
        }
        return tree;
    }

    /** Writes {@code validFrom} and {@code validTo} if the period has them. */
    static void write(Period period, Map<String, Object> tree) {
        put(tree, "validFrom", period.from() == null ? null : EntryText.moment(period.from()));
        put(tree, "validTo", period.to() == null ? null : EntryText.moment(period.to()));
    }

    private static void put(Map<String, Object> tree, String name, @Nullable Object value) {
        EntryWriter.put(tree, name, value);
    }

    private static Map<String, Object> write(Market market) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("identified", market.identified());
        if (!market.offers().isEmpty()) {
            tree.put("offers", market.offers().stream().map(ContentCodec::write).toList());
        }
        return tree;
    }

    private static Map<String, Object> write(Market.Offer offer) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("market", offer.market());
        put(tree, "since", offer.since() == null ? null : offer.since().toString());
        put(tree, "evidence", offer.evidence());
        return tree;
    }

    private static Map<String, Object> write(Terms terms) {
        Map<String, Object> tree = new TreeMap<>();
        put(tree, "license", terms.license());
        put(tree, "policy", terms.policy());
        put(tree, "purpose", terms.purpose());
        put(tree, "userClass", terms.userClass().isEmpty() ? null : terms.userClass());
        put(tree, "territory", terms.territory().isEmpty() ? null : terms.territory());
        Payment payment = terms.payment();
        if (payment != null) {
            Map<String, Object> price = new TreeMap<>();
            price.put("type", payment.type());
            put(price, "amount", payment.amount());
            put(price, "currency", payment.currency());
            tree.put("payment", price);
        }
        return tree;
    }

    static Content read(EntryReader members) {
        return read(members, members.texts("subjects"));
    }

    /**
     * Reads a declaration, but of its subjects only those that a lookup of another subject can also find ({@link
     * Subject#isFoundUnderOthers}). A declaration can have a hundred subjects, and the caller already knows the subject
     * that matched, so parsing all of them would waste time.
     */
    static EntrySummary summary(EntryReader members) {
        return new EntrySummary(
                members.declaration(),
                read(
                        members,
                        members.texts("subjects").stream()
                                .filter(Subject::isFoundUnderOthers)
                                .toList()));
    }

    private static Content read(EntryReader members, List<String> subjects) {
        Map<Use, Stance> stances = new EnumMap<>(Use.class);
        ((Map<?, ?>) Objects.requireNonNull(members.tree().get("stances")))
                .forEach((use, stance) -> stances.put(
                        Use.named(String.valueOf(use)).orElseThrow(() -> EntryReader.unknown("use")),
                        Stance.named(String.valueOf(stance)).orElseThrow(() -> EntryReader.unknown("stance"))));
        return new Content(
                subjects.stream().map(Subject::parse).toList(),
                Stances.of(stances),
                members.tree().get("terms") instanceof Map<?, ?> terms ? terms(new EntryReader(terms)) : Terms.NONE,
                members.period(),
                null,
                members.has("mandate") ? members.mandate() : null,
                members.tree().get("market") instanceof Map<?, ?> market ? market(new EntryReader(market)) : null,
                members.isTrue("repertoire") ? new Repertoire(null) : null);
    }

    private static Terms terms(EntryReader members) {
        return new Terms(
                null,
                members.optionalText("license"),
                members.optionalText("policy"),
                members.tree().get("payment") instanceof Map<?, ?> price ? payment(new EntryReader(price)) : null,
                null,
                members.optionalText("purpose"),
                members.texts("userClass"),
                members.texts("territory"),
                null);
    }

    private static Payment payment(EntryReader members) {
        return new Payment(members.text("type"), members.optionalText("amount"), members.optionalText("currency"));
    }

    private static Market market(EntryReader members) {
        List<Market.Offer> offers = new ArrayList<>();
        if (members.tree().get("offers") instanceof List<?> list) {
            for (Object element : list) {
                offers.add(offer(new EntryReader((Map<?, ?>) Objects.requireNonNull(element))));
            }
        }
        return new Market(members.isTrue("identified"), offers);
    }

    private static Market.Offer offer(EntryReader members) {
        String since = members.optionalText("since");
        return new Market.Offer(
                members.text("market"),
                null,
                null,
                since == null ? null : LocalDate.parse(since),
                members.optionalText("evidence"));
    }
}
