package org.askfirst.verdict;

/** The strength of the evidence that a party controls a subject, weakest first. */
public enum Control {
    /** There is no evidence. */
    NONE,
    /**
     * The party's token was found on a page, where a visitor may have left it. This is enough for a reservation to
     * apply, and not enough for a permission.
     */
    SHOWN,
    /** The evidence is something that only the controller of the subject can produce. */
    PROVED;

    /** Returns the stronger of the two. */
    public Control stronger(Control other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
