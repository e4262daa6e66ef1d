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
public record Role(String wireName, @Nullable SubjectScheme scheme) {
    /** What the work is called. */
    static final Role TITLE = new Role("title", null);
    /** Who made it, one or several. */
    static final Role CREATORS = new Role("creators", null);
    /** What kind of work it is. */
    static final Role KIND = new Role("kind", null);
    /** Whom to ask about this row's work. */
    static final Role CONTACT = new Role("contact", null);
    /** Where a licence for this row's work can be had. */
    static final Role LICENCE = new Role("license", null);
    /** Identifiers or links of any scheme. */
    static final Role IDENTIFIER = new Role("identifier", null);

    private static final List<Role> ALL = all();

    private static List<Role> all() {
        List<Role> all = new ArrayList<>(List.of(TITLE, CREATORS, KIND, CONTACT, LICENCE, IDENTIFIER));
        for (SubjectScheme scheme : SubjectScheme.values()) {
            all.add(of(scheme));
        }
        return List.copyOf(all);
    }

    static Role of(SubjectScheme scheme) {
        return new Role(scheme.wireName(), scheme);
    }

    /** The role of that name in the contract. */
    public static Optional<Role> named(String wireName) {
        return ALL.stream().filter(role -> role.wireName().equals(wireName)).findFirst();
    }

    /** The names of all roles. */
    public static List<String> names() {
        return ALL.stream().map(Role::wireName).toList();
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
