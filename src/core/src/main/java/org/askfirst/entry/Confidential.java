package org.askfirst.entry;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.askfirst.json.CanonicalJson;
import org.askfirst.license.LicenseTerms;
import org.askfirst.subject.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The data of an entry that may identify a person. It is stored beside the ledger, so that it can be erased without
 * breaking a proof.
 *
 * <p>The entry contains the {@link #commitment}: the SHA-256 of a random salt followed by the canonical JSON. Anybody
 * who has the salt and the JSON can check the commitment. After both are erased, the commitment reveals nothing.
 *
 * @param contact the contact in the terms, or of a party
 * @param attribution the attribution in the terms
 * @param text the free text in the terms
 * @param work the work's title and creators
 * @param reason the reason for an act, as a person wrote it
 * @param reference the society's data about a member without an account
 * @param licensors the licensors of a market, one for each offer
 * @param repertoire the title of a repertoire
 * @param name the name of a party
 * @param relay true if the contact of a party is not published, and a form of the registry takes its place
 * @param operators the names of the operator's keys that agreed to an act of the operator
 * @param license the text of a step of a license request, of a grant or of a usage report, as members of a JSON object;
 *     empty if there is none
 */
public record Confidential(
        @Nullable String contact,
        @Nullable String attribution,
        @Nullable String text,
        @Nullable Work work,
        @Nullable String reason,
        @Nullable Reference reference,
        List<Licensor> licensors,
        @Nullable String repertoire,
        @Nullable String name,
        boolean relay,
        List<String> operators,
        Map<String, Object> license) {
    /** The number of random bytes of a salt. */
    public static final int SALT_BYTES = 16;

    private static final Confidential NOTHING = new Confidential(null, null, null, null, null);

    /**
     * The data by which a society identifies a member without an account.
     *
     * @param number the society's number for the member
     * @param code SHA-256, in hexadecimal, of the code with which the member claims the mandate
     */
    public record Reference(String number, String code) {}

    public Confidential {
        licensors = List.copyOf(licensors);
        operators = List.copyOf(operators);
        license = Collections.unmodifiableMap(new TreeMap<>(license));
    }

    /** Creates a confidential part without the text of a license request or grant. */
    public Confidential(
            @Nullable String contact,
            @Nullable String attribution,
            @Nullable String text,
            @Nullable Work work,
            @Nullable String reason,
            @Nullable Reference reference,
            List<Licensor> licensors,
            @Nullable String repertoire,
            @Nullable String name,
            boolean relay,
            List<String> operators) {
        this(
                contact,
                attribution,
                text,
                work,
                reason,
                reference,
                licensors,
                repertoire,
                name,
                relay,
                operators,
                Map.of());
    }

    /**
     * The licensor of one offer in a market.
     *
     * @param name the licensor's name; null if not given
     * @param contact the licensor's contact; null if not given
     */
    public record Licensor(@Nullable String name, @Nullable String contact) {}

    /** Creates a confidential part without reference, licensors and repertoire. */
    public Confidential(
            @Nullable String contact,
            @Nullable String attribution,
            @Nullable String text,
            @Nullable Work work,
            @Nullable String reason) {
        this(contact, attribution, text, work, reason, null, List.of(), null, null, false, List.of());
    }

    /** Returns the confidential part of a declaration; empty if it has none. */
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
                repertoire == null ? null : repertoire.title(),
                null,
                false,
                List.of());
        return part.equals(NOTHING) ? Optional.empty() : Optional.of(part);
    }

    /** Returns a confidential part that has only the reason for an act. */
    public static Confidential ofReason(String reason) {
        return new Confidential(null, null, null, null, reason);
    }

    /**
     * Returns a confidential part that has the reason for an act of the operator, and who acted.
     *
     * @param operators the names of the operator's keys; empty if a party acts
     */
    public static Confidential ofReason(String reason, List<String> operators) {
        return new Confidential(null, null, null, null, reason, null, List.of(), null, null, false, operators);
    }

    /**
     * Returns a confidential part that has only the text of a step of a license request, of a grant or of a usage
     * report.
     *
     * @param license a tree of maps with names, lists, strings, numbers and booleans
     */
    public static Confidential ofLicense(Map<String, Object> license) {
        return new Confidential(null, null, null, null, null, null, List.of(), null, null, false, List.of(), license);
    }

    /** Returns the confidential part of the terms of an offer; empty if it has none. */
    public static Optional<Confidential> of(LicenseTerms terms) {
        Confidential part = new Confidential(null, terms.attribution(), terms.text(), null, null);
        return part.equals(NOTHING) ? Optional.empty() : Optional.of(part);
    }

    /** Returns a confidential part that has only a society's data about a member. */
    public static Confidential ofReference(Reference reference) {
        return new Confidential(null, null, null, null, null, reference, List.of(), null, null, false, List.of());
    }

    /**
     * Returns a confidential part that has only the name and the contact of a party.
     *
     * @param contact null if the party has none
     * @param relay true if the contact is not published
     */
    public static Confidential ofParty(String name, @Nullable String contact, boolean relay) {
        return new Confidential(contact, null, null, null, null, null, List.of(), null, name, relay, List.of());
    }

    /**
     * Reads the text that {@link #toJson} writes.
     *
     * @throws IllegalArgumentException if the text is not a JSON object
     */
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
                (String) tree.get("repertoire"),
                (String) tree.get("name"),
                Boolean.TRUE.equals(tree.get("relay")),
                tree.get("operators") instanceof List<?> operators
                        ? operators.stream().map(String::valueOf).toList()
                        : List.of(),
                tree.get("license") instanceof Map<?, ?> license ? members(license) : Map.of());
    }

    private static Map<String, Object> members(Map<?, ?> tree) {
        Map<String, Object> members = new TreeMap<>();
        tree.forEach((name, value) -> members.put(String.valueOf(name), Objects.requireNonNull(value)));
        return members;
    }

    /** Returns the canonical JSON (RFC 8785) of all components that are present. */
    public String toJson() {
        return CanonicalJson.write(toTree());
    }

    /** Returns the SHA-256, in hexadecimal, of the salt followed by {@link #toJson} in UTF-8. */
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
        EntryWriter.put(tree, "name", name);
        EntryWriter.put(tree, "relay", relay ? Boolean.TRUE : null);
        if (!licensors.isEmpty()) {
            tree.put("licensors", licensors.stream().map(Confidential::write).toList());
        }
        if (!operators.isEmpty()) {
            tree.put("operators", operators);
        }
        if (!license.isEmpty()) {
            tree.put("license", license);
        }
        if (reference != null) {
            tree.put("reference", new TreeMap<>(Map.of("number", reference.number(), "code", reference.code())));
        }
        if (work != null) {
            Map<String, Object> workTree = new TreeMap<>();
            workTree.put("title", work.title());
            if (!work.creators().isEmpty()) {
                workTree.put("creators", work.creators());
            }
            EntryWriter.put(workTree, "kind", work.kind());
            tree.put("work", workTree);
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
