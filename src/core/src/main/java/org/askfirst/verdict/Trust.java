package org.askfirst.verdict;

/**
 * The evidence of who a party is, weakest first. It is shown in answers. It says nothing about what belongs to the party,
 * so no verdict depends on it ({@link Statement#evidenced}).
 */
public enum Trust {
    /** The party opened an account. */
    ASSERTED("asserted"),
    /** The party proved control of the subject. */
    CONTROL_PROVED("control-proved"),
    /** A vouching body vouches for the party. */
    VOUCHED("vouched"),
    /** The operator checked who the party is. */
    VERIFIED("verified");

    private final String wireName;

    Trust(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the name in the contract. */
    public String wireName() {
        return wireName;
    }

    /** Returns the stronger of the two. */
    public Trust stronger(Trust other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
