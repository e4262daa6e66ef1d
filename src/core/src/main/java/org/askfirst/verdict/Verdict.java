package org.askfirst.verdict;

/**
 * The registry's answer for a use, most cautious first.
 *
 * <p>INVARIANT: the order of the constants is the order of caution; {@link #moreCautious} depends on it. Silence
 * ({@link #UNKNOWN}) is more cautious than {@link #ALLOW}, because a permission for one use does not cover an unstated
 * one.
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

    /** Returns the name in the contract. */
    public String wireName() {
        return wireName;
    }

    /** Returns the more cautious of the two. */
    public Verdict moreCautious(Verdict other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
