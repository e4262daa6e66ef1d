package org.askfirst.subject;

/**
 * How narrowly a subject speaks, as one number for all schemes; more is narrower. Five bands that never meet: one work,
 * what that work is part of or the same as, a prefix, a domain, a creator.
 */
final class Specificity {
    /** One work, edition, file or address. */
    static final int EXACT = 4000;

    /** One step out from the work asked: the address without its query, the unversioned film, the serial of an issue. */
    static final int AROUND = EXACT - 1;

    /** Identifiers or addresses with a common beginning, plus how long it is: characters, or directories. */
    static final int PREFIX = 2000;

    /** A domain, plus how many labels it has before the registrable one. */
    static final int DOMAIN = 1000;

    /** Everything by one creator. */
    static final int CREATOR = 100;

    private static final int WIDEST_BAND = 900;

    private Specificity() {}

    static int prefix(int length) {
        return PREFIX + Math.min(length, WIDEST_BAND);
    }

    static int domain(int labels) {
        return DOMAIN + Math.min(labels, WIDEST_BAND);
    }

    /** The specificity of this subject when it is asked or declared itself. */
    static int of(Subject subject, PublicSuffixes suffixes) {
        return switch (subject.scheme()) {
            case UNDER -> prefix(WebAddress.of(subject).directories());
            case DOMAIN -> domain(labelsBefore(subject.value(), suffixes));
            case ISBN_PREFIX, ISRC_REGISTRANT, DOI_PREFIX, UCI_PREFIX ->
                prefix(subject.value().length());
            case ISNI, IPI -> CREATOR;
            default -> EXACT;
        };
    }

    private static int labelsBefore(String host, PublicSuffixes suffixes) {
        int registrable = suffixes.registrable(host, 0, host.length());
        return (int) host.chars()
                .limit(Math.max(registrable, 0))
                .filter(c -> c == '.')
                .count();
    }
}
