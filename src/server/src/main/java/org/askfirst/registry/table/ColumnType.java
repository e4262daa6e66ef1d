package org.askfirst.registry.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.askfirst.subject.SubjectScheme;
import org.jspecify.annotations.Nullable;

/**
 * What a column holds: a part of the description of a work, or identifiers of it.
 *
 * @param wireName its name in the contract
 * @param scheme of the identifiers; null for descriptions, and where each identifier is to be recognised by itself
 */
public record ColumnType(String wireName, @Nullable SubjectScheme scheme) {
    /** What the work is called. */
    static final ColumnType TITLE = new ColumnType("title", null);
    /** Who made it, one or several. */
    static final ColumnType CREATORS = new ColumnType("creators", null);
    /** What kind of work it is. */
    static final ColumnType KIND = new ColumnType("kind", null);
    /** Whom to ask about this row's work. */
    static final ColumnType CONTACT = new ColumnType("contact", null);
    /** Where a licence for this row's work can be had. */
    static final ColumnType LICENCE = new ColumnType("license", null);
    /** Identifiers or links of any scheme. */
    static final ColumnType IDENTIFIER = new ColumnType("identifier", null);

    private static final List<ColumnType> ALL = all();

    private static List<ColumnType> all() {
        List<ColumnType> all = new ArrayList<>(List.of(TITLE, CREATORS, KIND, CONTACT, LICENCE, IDENTIFIER));
        for (SubjectScheme scheme : SubjectScheme.values()) {
            all.add(of(scheme));
        }
        return List.copyOf(all);
    }

    static ColumnType of(SubjectScheme scheme) {
        return new ColumnType(scheme.wireName(), scheme);
    }

    /** The role of that name in the contract. */
    public static Optional<ColumnType> named(String wireName) {
        return ALL.stream().filter(role -> role.wireName().equals(wireName)).findFirst();
    }

    /** The names of all roles. */
    public static List<String> names() {
        return ALL.stream().map(ColumnType::wireName).toList();
    }

    /** Whether it says whom to ask. */
    public boolean isAddress() {
        return equals(CONTACT) || equals(LICENCE);
    }

    /** Whether it names the work, and not only describes it. */
    boolean identifies() {
        return scheme != null || equals(IDENTIFIER);
    }
}
