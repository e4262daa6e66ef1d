package org.askfirst.entry;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.askfirst.json.CanonicalJson;
import org.askfirst.subject.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * What may name a person, kept beside the ledger so that it can be erased without breaking a proof.
 *
 * <p>The entry holds {@link #commitment}: SHA-256 over a random salt and the canonical JSON. With salt and text
 * anyone can check the commitment; once both are erased it says nothing.
 */
public record Confidential(
        @Nullable String contact,
        @Nullable String attribution,
        @Nullable String text,
        @Nullable Work work,
        @Nullable String reason,
        @Nullable Reference reference,
        List<Licensor> licensors,
        @Nullable String repertoire) {
    /** How many random bytes make a salt. */
    public static final int SALT_BYTES = 16;

    private static final Confidential NOTHING = new Confidential(null, null, null, null, null);

    /**
     * By what a society knows a member who is not known to the registry yet.
     *
     * @param number of the member, at the society
     * @param code SHA-256, in hex, of the code by which the member can show that it is the one
     */
    public record Reference(String number, String code) {}

    public Confidential {
        licensors = List.copyOf(licensors);
    }

    /** Who gives licences in a market, one for each offer that is named. */
    public record Licensor(@Nullable String name, @Nullable String contact) {}

    /** Of a declaration that names no market and is no repertoire, or the reason for an act. */
    public Confidential(
            @Nullable String contact,
            @Nullable String attribution,
            @Nullable String text,
            @Nullable Work work,
            @Nullable String reason) {
        this(contact, attribution, text, work, reason, null, List.of(), null);
    }

    /** What of a declaration is confidential, if anything. */
    public static Optional<Confidential> of(Content content) {
        Terms terms = content.terms();
        Market market = content.market();
        Repertoire repertoire = content.repertoire();
        Confidential part = new Confidential(
                terms.contact(),
                terms.attribution(),
                terms.text(),
                content.work(),
                null,
                null,
                market == null ? List.of() : market.licensors(),
                repertoire == null ? null : repertoire.title());
        return part.equals(NOTHING) ? Optional.empty() : Optional.of(part);
    }

    /** The reason for an act, in somebody's own words. */
    public static Confidential ofReason(String reason) {
        return new Confidential(null, null, null, null, reason);
    }

    /** By what a society knows a member. */
    public static Confidential ofReference(Reference reference) {
        return new Confidential(null, null, null, null, null, reference, List.of(), null);
    }

    /** Back from what {@link #toJson} gave. */
    public static Confidential parse(String json) {
        Map<?, ?> tree = CanonicalJson.parseObject(json);
        Map<?, ?> work = (Map<?, ?>) tree.get("work");
        return new Confidential(
                (String) tree.get("contact"),
                (String) tree.get("attribution"),
                (String) tree.get("text"),
                work == null ? null : workOf(work),
                (String) tree.get("reason"),
                tree.get("reference") instanceof Map<?, ?> reference
                        ? new Reference(String.valueOf(reference.get("number")), String.valueOf(reference.get("code")))
                        : null,
                tree.get("licensors") instanceof List<?> licensors
                        ? licensors.stream().map(Confidential::licensorOf).toList()
                        : List.of(),
                (String) tree.get("repertoire"));
    }

    /** Canonical JSON of what there is. */
    public String toJson() {
        return CanonicalJson.write(toTree());
    }

    /** SHA-256 of the salt followed by {@link #toJson} in UTF-8, in hex. */
    public String commitment(byte[] salt) {
        return HexFormat.of().formatHex(Sha256.of(salt, toJson().getBytes(StandardCharsets.UTF_8)));
    }

    Map<String, Object> toTree() {
        Map<String, Object> tree = new TreeMap<>();
        EntryWriter.put(tree, "contact", contact);
        EntryWriter.put(tree, "attribution", attribution);
        EntryWriter.put(tree, "text", text);
        EntryWriter.put(tree, "reason", reason);
        EntryWriter.put(tree, "repertoire", repertoire);
        if (!licensors.isEmpty()) {
            tree.put("licensors", licensors.stream().map(Confidential::write).toList());
        }
        if (reference != null) {
            tree.put("reference", new TreeMap<>(Map.of("number", reference.number(), "code", reference.code())));
        }
        if (work != null) {
            Map<String, Object> named = new TreeMap<>();
            named.put("title", work.title());
            if (!work.creators().isEmpty()) {
                named.put("creators", work.creators());
            }
            EntryWriter.put(named, "kind", work.kind());
            tree.put("work", named);
        }
        return tree;
    }

    private static Map<String, Object> write(Licensor licensor) {
        Map<String, Object> tree = new TreeMap<>();
        EntryWriter.put(tree, "name", licensor.name());
        EntryWriter.put(tree, "contact", licensor.contact());
        return tree;
    }

    private static Licensor licensorOf(@Nullable Object tree) {
        return tree instanceof Map<?, ?> licensor
                ? new Licensor((String) licensor.get("name"), (String) licensor.get("contact"))
                : new Licensor(null, null);
    }

    private static Work workOf(Map<?, ?> tree) {
        List<?> creators = tree.get("creators") instanceof List<?> list ? list : List.of();
        return new Work(
                String.valueOf(tree.get("title")),
                creators.stream().map(String::valueOf).toList(),
                (String) tree.get("kind"));
    }
}
