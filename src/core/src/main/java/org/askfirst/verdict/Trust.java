package org.askfirst.verdict;

/** What stands behind a party's word, weakest first. */
public enum Trust {
    /** It opened an account. */
    ASSERTED("asserted"),
    /** It proved control of the subject. */
    CONTROL_PROVED("control-proved"),
    /** A verified body vouches for it. */
    VOUCHED("vouched"),
    /** The operator checked. */
    VERIFIED("verified");

    private final String wireName;

    Trust(String wireName) {
        this.wireName = wireName;
    }

    /** Its name in the contract. */
    public String wireName() {
        return wireName;
    }

    /** Whichever of the two is stronger. */
    public Trust stronger(Trust other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** Whether a plain permission by such a party counts, whatever the subject. */
    boolean mayPermit() {
        return this == VOUCHED || this == VERIFIED;
    }
}
