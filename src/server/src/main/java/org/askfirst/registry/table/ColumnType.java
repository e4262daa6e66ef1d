package org.askfirst.registry.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.askfirst.subject.SubjectScheme;
import org.jspecify.annotations.Nullable;

/**
 * The content of a column: a part of the description of a work, or identifiers of it.
 *
 * @param wireName its name in the contract
 * @param scheme of the identifiers; null for descriptions, and if each identifier is recognised separately
 */
public record ColumnType(String wireName, @Nullable SubjectScheme scheme) {
    /** The title of the work. */
    static final ColumnType TITLE = new ColumnType("title", null);
    /** The creators of the work, one or several. */
    static final ColumnType CREATORS = new ColumnType("creators", null);
    /** The kind of the work. */
    static final ColumnType KIND = new ColumnType("kind", null);
    /** Whom to ask about the work of this row. */
    static final ColumnType CONTACT = new ColumnType("contact", null);
    /** Web address of a license for the work of this row. */
    static final ColumnType LICENSE = new ColumnType("license", null);
    /** The society's own number of the member for whom the row is declared. */
    static final ColumnType MEMBER_NUMBER = new ColumnType("memberNumber", null);
    /** Identifiers or links of any scheme. */
    static final ColumnType IDENTIFIER = new ColumnType("identifier", null);

    private static final List<ColumnType> ALL = all();

    private static List<ColumnType> all() {
        List<ColumnType> all =
                new ArrayList<>(List.of(TITLE, CREATORS, KIND, CONTACT, LICENSE, MEMBER_NUMBER, IDENTIFIER));
        for (SubjectScheme scheme : SubjectScheme.values()) {
            all.add(of(scheme));
        }
        return List.copyOf(all);
    }

    static ColumnType of(SubjectScheme scheme) {
        return new ColumnType(scheme.wireName(), scheme);
    }

    /** Returns the column type with this name in the contract; empty if there is none. */
    public static Optional<ColumnType> named(String wireName) {
        return ALL.stream().filter(type -> type.wireName().equals(wireName)).findFirst();
    }

    /** Returns the names of all column types. */
    public static List<String> names() {
        return ALL.stream().map(ColumnType::wireName).toList();
    }

    /** Returns true if the column names somebody to ask. */
    public boolean isAddress() {
        return equals(CONTACT) || equals(LICENSE);
    }

    /** Returns true if the column has the society's numbers of its members. */
    public boolean isMemberNumber() {
        return equals(MEMBER_NUMBER);
    }

    /** Returns true if the column has identifiers of the work; false if it only describes the work. */
    boolean identifies() {
        return scheme != null || equals(IDENTIFIER);
    }
}
