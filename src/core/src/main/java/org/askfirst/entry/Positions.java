package org.askfirst.entry;

/** Bounds of the positions of entries. Real positions are 1, 2, 3 and so on. */
public final class Positions {
    /** Ends the span of positions of whatever is in force now: a row is in force while {@code position < NO_END}. */
    public static final long NO_END = Long.MAX_VALUE;

    /** A position behind every entry, to ask for what is in force now. */
    public static final long NEWEST = NO_END - 1;

    private Positions() {}
}
