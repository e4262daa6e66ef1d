package org.askfirst.entry;

/** The bounds of the positions of entries. Positions are 1, 2, 3 and so on. */
public final class Positions {
    /** The end of everything that is in force now: a row is in force while {@code position < NO_END}. */
    public static final long NO_END = Long.MAX_VALUE;

    /** A position after every entry. Queries at this position return everything that is in force now. */
    public static final long NEWEST = NO_END - 1;

    private Positions() {}
}
