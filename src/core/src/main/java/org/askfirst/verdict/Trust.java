package org.askfirst.verdict;

/** The evidence behind a party's statement, weakest first. */
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

    /** Returns true if a permission without terms by such a party applies to any subject. */
    boolean mayPermit() {
        return this == VOUCHED || this == VERIFIED;
    }
}
