package org.askfirst.verdict;

import java.util.Optional;

/** What a party says of one use, most restrictive first; not saying is no stance at all. */
public enum Stance {
    RESERVED(1, "reserved"),
    PERMITTED_WITH_TERMS(2, "permitted-with-terms"),
    PERMITTED(3, "permitted");

    private final int number;
    private final String wireName;

    Stance(int number, String wireName) {
        this.number = number;
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

    /** Its two bits in {@link Stances#packed}; kept in tables and files, so it never changes. 0 is unstated. */
    int number() {
        return number;
    }

    /** The stance with that number; empty for 0. */
    static Optional<Stance> numbered(int number) {
        for (Stance stance : values()) {
            if (stance.number == number) {
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
