package org.askfirst.verdict;

/**
 * The registry's answer for a use, most cautious first.
 *
 * <p>INVARIANT: the order of the constants is the order of caution; {@link #moreCautious} rests on it. Silence
 * ({@link #UNKNOWN}) is more cautious than {@link #ALLOW}: one permitted use does not speak for an unstated one.
 */
public enum Verdict {
    DENY("deny"),
    ASK("ask"),
    UNKNOWN("unknown"),
    ALLOW("allow");

    private final String wireName;

    Verdict(String wireName) {
        this.wireName = wireName;
    }

    /** Its name in the contract. */
    public String wireName() {
        return wireName;
    }

    /** Whichever of the two is more cautious. */
    public Verdict moreCautious(Verdict other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
