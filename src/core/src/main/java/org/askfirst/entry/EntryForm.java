package org.askfirst.entry;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.askfirst.id.DeclarationId;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ControlMethod;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Ruling;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.jspecify.annotations.Nullable;

/** The members of an entry's canonical text, written and read in one place. */
final class EntryForm {
    static final String DECLARED = "declared";
    static final String AMENDED = "amended";
    static final String WITHDRAWN = "withdrawn";
    static final String LISTED = "listed";
    static final String CONTROL_PROVED = "control-proved";
    static final String CONTROL_LAPSED = "control-lapsed";
    static final String RULED = "ruled";
    static final String VOUCHED = "vouched";
    static final String UNVOUCHED = "unvouched";
    static final String MANDATE_OFFERED = "mandate-offered";
    static final String MANDATE_RECORDED = "mandate-recorded";
    static final String SUCCESSOR_NAMED = "successor-named";
    static final String SUCCEEDED = "succeeded";
    static final String ERASED = "erased";

    private static final long VERSION = 1;
    private static final String TIME = "time";

    /** Always six digits of a second, so that equal moments have equal texts. */
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private EntryForm() {}

    static String moment(Instant moment) {
        return MOMENT.format(moment);
    }

    static EntryText text(Entry entry) {
        TreeMap<String, Object> tree = new TreeMap<>();
        tree.put("v", VERSION);
        tree.put("type", entry.type());
        tree.put("party", entry.party().toString());
        put(tree, "commitment", entry.commitment());
        if (entry instanceof Entry.Stated stated) {
            tree.put("declaration", stated.declaration().toString());
            tree.put("address", stated.address());
            put(tree, "mints", stated.mints() ? Boolean.TRUE : null);
            tree.putAll(write(stated.content()));
        } else if (entry instanceof Entry.Withdrawn withdrawn) {
            tree.put("declaration", withdrawn.declaration().toString());
        } else if (entry instanceof Entry.Listed listed) {
            tree.put("declaration", listed.declaration().toString());
            put(tree, "add", listed.added().isEmpty() ? null : canonical(listed.added()));
            put(tree, "remove", listed.removed().isEmpty() ? null : canonical(listed.removed()));
        } else if (entry instanceof Entry.ControlProved proved) {
            tree.put("subject", proved.subject().canonical());
            tree.put("method", proved.method().wireName());
            put(tree, "by", proved.by() == null ? null : proved.by().toString());
        } else if (entry instanceof Entry.ControlLapsed lapsed) {
            tree.put("subject", lapsed.subject().canonical());
        } else if (entry instanceof Entry.Ruled ruled) {
            tree.put("ruling", ruled.ruling().wireName());
            put(tree, "kinds", ruled.kinds().isEmpty() ? null : names(ruled.kinds()));
        } else if (entry instanceof Entry.SuccessorNamed named) {
            put(
                    tree,
                    "successor",
                    named.successor() == null ? null : named.successor().toString());
        } else if (entry instanceof Entry.Succeeded succeeded) {
            tree.put("successor", succeeded.successor().toString());
        } else if (entry instanceof Entry.RecoveryChanged changed) {
            tree.put("recovery", changed.recovery());
            put(tree, "by", changed.by() == null ? null : changed.by().toString());
        } else if (entry instanceof Entry.MemberVouched vouched) {
            tree.put("member", vouched.member().toString());
        } else if (entry instanceof Entry.MandateMade made) {
            tree.put("mandate", made.mandate().toString());
            tree.putAll(write(made.terms()));
        } else if (entry instanceof Entry.MandateChanged changed) {
            tree.put("mandate", changed.mandate().toString());
            put(tree, "until", changed.until() == null ? null : MOMENT.format(changed.until()));
        }
        // Members are sorted, and there is one on either side: the party before, the type behind.
        String before = CanonicalJson.write(tree.headMap(TIME));
        String after = CanonicalJson.write(tree.tailMap(TIME));
        return new EntryText(
                before.substring(0, before.length() - 1) + ",\"" + TIME + "\":\"", "\"," + after.substring(1));
    }

    static Entry parse(Map<?, ?> tree) {
        PartyId party = party(tree, "party");
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
            case LISTED -> new Entry.Listed(declaration(tree), party, subjects(tree, "add"), subjects(tree, "remove"));
            case CONTROL_PROVED ->
                new Entry.ControlProved(
                        party,
                        Subject.parse(text(tree, "subject")),
                        ControlMethod.named(text(tree, "method")).orElseThrow(() -> unknown("method")),
                        tree.containsKey("by") ? party(tree, "by") : null,
                        commitment);
            case CONTROL_LAPSED -> new Entry.ControlLapsed(party, Subject.parse(text(tree, "subject")), commitment);
            case RULED ->
                new Entry.Ruled(
                        Ruling.named(text(tree, "ruling")).orElseThrow(() -> unknown("ruling")),
                        party,
                        kinds(tree),
                        commitment);
            case VOUCHED, UNVOUCHED -> new Entry.MemberVouched(type.equals(UNVOUCHED), party, party(tree, "member"));
            case MANDATE_OFFERED, MANDATE_RECORDED ->
                new Entry.MandateMade(
                        type.equals(MANDATE_RECORDED), mandate(tree), party, mandateTerms(tree), commitment);
            case SUCCESSOR_NAMED ->
                new Entry.SuccessorNamed(party, tree.containsKey("successor") ? party(tree, "successor") : null);
            case SUCCEEDED -> new Entry.Succeeded(party, party(tree, "successor"), commitment);
            case ERASED -> new Entry.Erased(party);
            default ->
                RecoveryStep.ofType(type)
                        .<Entry>map(step -> new Entry.RecoveryChanged(
                                step,
                                party,
                                text(tree, "recovery"),
                                tree.containsKey("by") ? party(tree, "by") : null,
                                commitment))
                        .orElseGet(() -> mandateChange(tree, type, party));
        };
    }

    /** A hundred subjects would be parsed for one that is known already, if they were not left out. */
    static Told told(Map<?, ?> tree) {
        return new Told(
                declaration(tree),
                content(
                        tree,
                        texts(tree, "subjects").stream()
                                .filter(Subject::isFoundUnderOthers)
                                .toList()));
    }

    private static Entry mandateChange(Map<?, ?> tree, String type, PartyId party) {
        return new Entry.MandateChanged(
                MandateStep.ofType(type).orElseThrow(() -> unknown("type")),
                mandate(tree),
                party,
                moment(tree, "until"));
    }

    /** What a content says openly, as members of an entry. */
    static Map<String, Object> write(Content content) {
        Map<String, Object> tree = new TreeMap<>();
        if (content.repertoire() == null) {
            tree.put("subjects", canonical(content.subjects()));
        } else {
            tree.put("repertoire", true);
        }
        tree.put("stances", content.stances().toWire());
        Period period = content.period();
        put(tree, "validFrom", period.from() == null ? null : MOMENT.format(period.from()));
        put(tree, "validTo", period.to() == null ? null : MOMENT.format(period.to()));
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

    static void put(Map<String, Object> tree, String name, @Nullable Object value) {
        if (value != null) {
            tree.put(name, value);
        }
    }

    /** What a market says openly. */
    private static Map<String, Object> write(Market market) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("identified", market.identified());
        if (!market.offers().isEmpty()) {
            tree.put("offers", market.offers().stream().map(EntryForm::write).toList());
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

    private static @Nullable Market market(Map<?, ?> tree) {
        if (!(tree.get("market") instanceof Map<?, ?> market)) {
            return null;
        }
        List<Market.Offer> offers = new ArrayList<>();
        if (market.get("offers") instanceof List<?> list) {
            for (Object element : list) {
                Map<?, ?> offer = (Map<?, ?>) Objects.requireNonNull(element);
                String since = (String) offer.get("since");
                offers.add(new Market.Offer(
                        text(offer, "market"), null, null, since == null ? null : LocalDate.parse(since), (String)
                                offer.get("evidence")));
            }
        }
        return new Market(Boolean.TRUE.equals(market.get("identified")), offers);
    }

    private static Map<String, Object> write(Mandate mandate) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("society", mandate.society().toString());
        put(tree, "member", mandate.member() == null ? null : mandate.member().toString());
        put(tree, "kinds", mandate.kinds().isEmpty() ? null : names(mandate.kinds()));
        put(
                tree,
                "uses",
                mandate.uses().isEmpty()
                        ? null
                        : mandate.uses().stream().map(Use::wireName).toList());
        put(tree, "territory", mandate.territory().isEmpty() ? null : mandate.territory());
        Period period = mandate.period();
        put(tree, "validFrom", period.from() == null ? null : MOMENT.format(period.from()));
        put(tree, "validTo", period.to() == null ? null : MOMENT.format(period.to()));
        put(tree, "document", mandate.document());
        return tree;
    }

    private static Mandate mandateTerms(Map<?, ?> tree) {
        return new Mandate(
                party(tree, "society"),
                tree.containsKey("member") ? party(tree, "member") : null,
                kinds(tree),
                texts(tree, "uses").stream()
                        .map(use -> Use.named(use).orElseThrow(() -> unknown("use")))
                        .toList(),
                texts(tree, "territory"),
                new Period(moment(tree, "validFrom"), moment(tree, "validTo")),
                (String) tree.get("document"));
    }

    private static PartyId party(Map<?, ?> tree, String name) {
        return PartyId.parse(text(tree, name)).orElseThrow(() -> unknown(name));
    }

    private static MandateId mandate(Map<?, ?> tree) {
        return MandateId.parse(text(tree, "mandate")).orElseThrow(() -> unknown("mandate"));
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
        return content(tree, texts(tree, "subjects"));
    }

    private static Content content(Map<?, ?> tree, List<String> subjects) {
        Map<Use, Stance> stances = new EnumMap<>(Use.class);
        ((Map<?, ?>) Objects.requireNonNull(tree.get("stances")))
                .forEach((use, stance) -> stances.put(
                        Use.named(String.valueOf(use)).orElseThrow(() -> unknown("use")),
                        Stance.named(String.valueOf(stance)).orElseThrow(() -> unknown("stance"))));
        return new Content(
                subjects.stream().map(Subject::parse).toList(),
                Stances.of(stances),
                tree.get("terms") instanceof Map<?, ?> terms ? terms(terms) : Terms.NONE,
                new Period(moment(tree, "validFrom"), moment(tree, "validTo")),
                null,
                tree.containsKey("mandate") ? mandate(tree) : null,
                market(tree),
                Boolean.TRUE.equals(tree.get("repertoire")) ? new Repertoire(null) : null);
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

    private static List<String> canonical(List<Subject> subjects) {
        return subjects.stream().map(Subject::canonical).toList();
    }

    private static List<Subject> subjects(Map<?, ?> tree, String name) {
        return texts(tree, name).stream().map(Subject::parse).toList();
    }

    private static List<String> names(List<SubjectScheme> kinds) {
        return kinds.stream().map(SubjectScheme::wireName).toList();
    }

    private static List<SubjectScheme> kinds(Map<?, ?> tree) {
        return texts(tree, "kinds").stream()
                .map(kind -> SubjectScheme.named(kind).orElseThrow(() -> unknown("kind")))
                .toList();
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
