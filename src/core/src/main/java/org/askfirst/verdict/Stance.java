package org.askfirst.verdict;

import java.util.List;
import java.util.Optional;

/** A party's position on one use, most restrictive first. A use without a stance is unstated. */
public enum Stance {
    RESERVED(1, "reserved"),
    PERMITTED_WITH_TERMS(2, "permitted-with-terms"),
    PERMITTED(3, "permitted");

    /** The stances by their numbers. Verdicts read them often, so they are created once. */
    private static final List<Optional<Stance>> NUMBERED =
            List.of(Optional.empty(), Optional.of(RESERVED), Optional.of(PERMITTED_WITH_TERMS), Optional.of(PERMITTED));

    private final int number;
    private final String wireName;

    Stance(int number, String wireName) {
        this.number = number;
        this.wireName = wireName;
    }

    /** Returns the stance with that name in the contract; empty if there is none. */
    public static Optional<Stance> named(String wireName) {
        for (Stance stance : values()) {
            if (stance.wireName.equals(wireName)) {
                return Optional.of(stance);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the two bits of this stance in {@link Stances#packed}. Tables and files keep them, so they never change.
     * 0 means unstated.
     */
    int number() {
        return number;
    }

    /** Returns the stance with that number; empty for 0. */
    static Optional<Stance> numbered(int number) {
        return NUMBERED.get(number);
    }

    /** Returns the name in the contract. */
    public String wireName() {
        return wireName;
    }
}
