package org.askfirst.subject.internal.scheme;

/**
 * The specificity of a subject, as one number for all schemes; a greater number is more specific. There are six bands
 * that never overlap: one work, things that the work is part of or the same as, accounts, prefixes, domains, creators.
 */
public final class Specificity {
    /** One work, edition, file or address. */
    public static final int EXACT = 4000;

    /** One step wider than the asked work: the film without its version, the serial of an issue. */
    public static final int AROUND = EXACT - 1;

    /** The address without its query. Another spelling of the address with its query is closer. */
    public static final int WITHOUT_QUERY = EXACT - 2;

    /** The difference between an address and another spelling of it. */
    public static final int OTHER_SPELLING = 1;

    /** Everything that one account publishes. */
    public static final int ACCOUNT = 3000;

    /** Identifiers or addresses with a common beginning, plus its length in characters or directories. */
    public static final int PREFIX = 2000;

    /** A domain, plus the number of labels before the registrable one. */
    public static final int DOMAIN = 1000;

    /** All works by one creator. */
    public static final int CREATOR = 100;

    private static final int WIDEST_BAND = 900;

    private Specificity() {}

    /** Returns the specificity of a prefix of that many characters or directories. */
    public static int prefix(int length) {
        return PREFIX + Math.min(length, WIDEST_BAND);
    }

    /** Returns the specificity of a domain with that many labels before the registrable domain. */
    public static int domain(int labels) {
        return DOMAIN + Math.min(labels, WIDEST_BAND);
    }
}
