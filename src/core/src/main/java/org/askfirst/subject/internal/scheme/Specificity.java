package org.askfirst.subject.internal.scheme;

/**
 * How narrowly a subject speaks, as one number for all schemes; more is narrower. Five bands that never meet: one work,
 * what that work is part of or the same as, a prefix, a domain, a creator.
 */
public final class Specificity {
    /** One work, edition, file or address. */
    public static final int EXACT = 4000;

    /** One step out from the work asked: the address without its query, the unversioned film, the serial of an issue. */
    public static final int AROUND = EXACT - 1;

    /** Identifiers or addresses with a common beginning, plus how long it is: characters, or directories. */
    public static final int PREFIX = 2000;

    /** A domain, plus how many labels it has before the registrable one. */
    public static final int DOMAIN = 1000;

    /** Everything by one creator. */
    public static final int CREATOR = 100;

    private static final int WIDEST_BAND = 900;

    private Specificity() {}

    public static int prefix(int length) {
        return PREFIX + Math.min(length, WIDEST_BAND);
    }

    public static int domain(int labels) {
        return DOMAIN + Math.min(labels, WIDEST_BAND);
    }
}
