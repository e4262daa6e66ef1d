package org.askfirst.declaration;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.askfirst.subject.Subject;
import org.jspecify.annotations.Nullable;

/** The members of an entry's canonical text, written and read in one place. */
final class EntryForm {
    static final String DECLARED = "declared";
    static final String AMENDED = "amended";
    static final String WITHDRAWN = "withdrawn";
    static final String CONTROL_PROVED = "control-proved";
    static final String CONTROL_LAPSED = "control-lapsed";
    static final String ERASED = "erased";

    private static final long VERSION = 1;

    /** Always six digits of a second, so that equal moments have equal texts. */
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private EntryForm() {}

    static String canonical(Entry entry, Instant recordedAt) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("v", VERSION);
        tree.put("type", entry.type());
        tree.put("time", MOMENT.format(recordedAt));
        tree.put("party", entry.party().toString());
        put(tree, "commitment", entry.commitment());
        if (entry instanceof Entry.Stated stated) {
            tree.put("declaration", stated.declaration().toString());
            tree.put("address", stated.address());
            put(tree, "mints", stated.mints() ? Boolean.TRUE : null);
            tree.putAll(write(stated.content()));
        } else if (entry instanceof Entry.Withdrawn withdrawn) {
            tree.put("declaration", withdrawn.declaration().toString());
        } else if (entry instanceof Entry.ControlProved proved) {
            tree.put("subject", proved.subject().canonical());
            tree.put("method", proved.method().wireName());
        } else if (entry instanceof Entry.ControlLapsed lapsed) {
            tree.put("subject", lapsed.subject().canonical());
        }
        return CanonicalJson.write(tree);
    }

    static Entry parse(Map<?, ?> tree) {
        PartyId party = PartyId.parse(text(tree, "party")).orElseThrow(() -> unknown("party"));
        String type = text(tree, "type");
        String commitment = (String) tree.get("commitment");
        return switch (type) {
            case DECLARED, AMENDED ->
                new Entry.Stated(
                        type.equals(AMENDED),
                        Boolean.TRUE.equals(tree.get("mints")),
                        declaration(tree),
                        party,
                        content(tree),
                        Boolean.TRUE.equals(tree.get("address")),
                        commitment);
            case WITHDRAWN -> new Entry.Withdrawn(declaration(tree), party);
            case CONTROL_PROVED ->
                new Entry.ControlProved(
                        party,
                        Subject.parse(text(tree, "subject")),
                        ControlMethod.named(text(tree, "method")).orElseThrow(() -> unknown("method")),
                        commitment);
            case CONTROL_LAPSED -> new Entry.ControlLapsed(party, Subject.parse(text(tree, "subject")), commitment);
            case ERASED -> new Entry.Erased(party);
            default -> throw unknown("type");
        };
    }

    /** What a content says openly, as members of an entry. */
    static Map<String, Object> write(Content content) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("subjects", content.subjects().stream().map(Subject::canonical).toList());
        tree.put("stances", content.stances().toWire());
        Period period = content.period();
        put(tree, "validFrom", period.from() == null ? null : MOMENT.format(period.from()));
        put(tree, "validTo", period.to() == null ? null : MOMENT.format(period.to()));
        Map<String, Object> terms = write(content.terms().withoutConfidential());
        if (!terms.isEmpty()) {
            tree.put("terms", terms);
        }
        return tree;
    }

    static void put(Map<String, Object> tree, String name, @Nullable Object value) {
        if (value != null) {
            tree.put(name, value);
        }
    }

    private static Map<String, Object> write(Terms terms) {
        Map<String, Object> tree = new TreeMap<>();
        put(tree, "licence", terms.licence());
        put(tree, "policy", terms.policy());
        put(tree, "purpose", terms.purpose());
        put(tree, "userClass", terms.userClass().isEmpty() ? null : terms.userClass());
        put(tree, "territory", terms.territory().isEmpty() ? null : terms.territory());
        Payment payment = terms.payment();
        if (payment != null) {
            Map<String, Object> paid = new TreeMap<>();
            paid.put("type", payment.type());
            put(paid, "amount", payment.amount());
            put(paid, "currency", payment.currency());
            tree.put("payment", paid);
        }
        return tree;
    }

    private static Content content(Map<?, ?> tree) {
        Map<Use, Stance> stances = new EnumMap<>(Use.class);
        ((Map<?, ?>) Objects.requireNonNull(tree.get("stances")))
                .forEach((use, stance) -> stances.put(
                        Use.named(String.valueOf(use)).orElseThrow(() -> unknown("use")),
                        Stance.named(String.valueOf(stance)).orElseThrow(() -> unknown("stance"))));
        return new Content(
                texts(tree, "subjects").stream().map(Subject::parse).toList(),
                Stances.of(stances),
                tree.get("terms") instanceof Map<?, ?> terms ? terms(terms) : Terms.NONE,
                new Period(moment(tree, "validFrom"), moment(tree, "validTo")),
                null);
    }

    private static Terms terms(Map<?, ?> tree) {
        return new Terms(
                null,
                (String) tree.get("licence"),
                (String) tree.get("policy"),
                tree.get("payment") instanceof Map<?, ?> paid
                        ? new Payment(text(paid, "type"), (String) paid.get("amount"), (String) paid.get("currency"))
                        : null,
                null,
                (String) tree.get("purpose"),
                texts(tree, "userClass"),
                texts(tree, "territory"),
                null);
    }

    private static DeclarationId declaration(Map<?, ?> tree) {
        return DeclarationId.parse(text(tree, "declaration")).orElseThrow(() -> unknown("declaration"));
    }

    private static @Nullable Instant moment(Map<?, ?> tree, String name) {
        return tree.get(name) instanceof String text ? Instant.parse(text) : null;
    }

    private static List<String> texts(Map<?, ?> tree, String name) {
        return tree.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static String text(Map<?, ?> tree, String name) {
        if (tree.get(name) instanceof String text) {
            return text;
        }
        throw unknown(name);
    }

    private static IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException("not an entry of a kind known here: " + what);
    }
}
