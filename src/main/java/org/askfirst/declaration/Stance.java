package org.askfirst.declaration;

import java.util.Optional;

/** What a party says of one use, most restrictive first; not saying is no stance at all. */
public enum Stance {
    RESERVED("reserved"),
    PERMITTED_WITH_TERMS("permitted-with-terms"),
    PERMITTED("permitted");

    private final String wireName;

    Stance(String wireName) {
        this.wireName = wireName;
    }

    /** The stance called that in the contract, if there is one. */
    public static Optional<Stance> named(String wireName) {
        for (Stance stance : values()) {
            if (stance.wireName.equals(wireName)) {
                return Optional.of(stance);
            }
        }
        return Optional.empty();
    }

    /** Its name in the contract. */
    public String wireName() {
        return wireName;
    }
}
