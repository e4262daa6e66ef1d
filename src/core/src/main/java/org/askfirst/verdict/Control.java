package org.askfirst.verdict;

/** How far a party was seen to control a subject, weakest first. */
public enum Control {
    /** Nothing was seen. */
    NONE,
    /**
     * A token of its own was seen on a page, where a visitor may have left it: enough for a "no" to count, not for a
     * "yes".
     */
    SHOWN,
    /** Something was seen that only whoever controls the subject can do. */
    PROVED;

    /** Whichever of the two is stronger. */
    public Control stronger(Control other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
