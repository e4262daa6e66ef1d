package org.askfirst.subject;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.subject.internal.scheme.DomainRules;
import org.askfirst.subject.internal.scheme.UnderRules;
import org.askfirst.subject.internal.scheme.WorkRules;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;
import org.askfirst.subject.internal.web.SuffixList;
import org.askfirst.subject.internal.web.UrlCanonicalizer;
import org.jspecify.annotations.Nullable;

/**
 * What is spoken of: a work, a file, an address, a site, a block of numbers, a creator; one canonical string.
 *
 * <p>Two spellings of one thing parse to equal subjects; a canonical string parses to itself. {@link #parse} may answer
 * with another scheme than was named, where two schemes number the same thing: a GTIN that begins with 978 is that ISBN.
 */
public final class Subject implements Comparable<Subject> {
    /** Directories that a declared {@code under} may have: an asked address is expanded to as many, and none is missed. */
    public static final int MAX_DIRECTORIES = UnderRules.MAX_DIRECTORIES;

    /** Labels that a declared {@code domain} may have before its registrable domain. */
    public static final int MAX_SUBDOMAIN_LABELS = DomainRules.MAX_SUBDOMAIN_LABELS;

    private static final int LONGEST_SCHEME = 32;

    private static final String FOUND_UNDER_OTHERS = SubjectScheme.ISCC.wireName() + ":";

    private final SubjectScheme scheme;
    private final String canonical;

    /** Computed when first asked for; a race computes it twice. */
    private @Nullable SubjectKey key;

    private Subject(SubjectScheme scheme, String canonical) {
        this.scheme = scheme;
        this.canonical = canonical;
    }

    /** The subject with this scheme and canonical value; whoever calls this has made it canonical. */
    static Subject of(SubjectScheme scheme, String value) {
        return new Subject(scheme, scheme.wireName() + ":" + value);
    }

    /**
     * Reads {@code scheme:value} in any spelling.
     *
     * @throws ProblemException {@link Problem#MALFORMED_SUBJECT}, with what is wrong and, where it can be known, what was
     *     probably meant
     */
    public static Subject parse(String untrusted) {
        if (untrusted.startsWith("url:")) {
            return new Subject(SubjectScheme.URL, UrlCanonicalizer.url(untrusted, 4));
        }
        int colon = untrusted.indexOf(':');
        Optional<SubjectScheme> exact = colon < 0 || colon > LONGEST_SCHEME
                ? Optional.empty()
                : SubjectScheme.named(untrusted.substring(0, colon));
        if (exact.isPresent()) {
            return parse(exact.get(), untrusted.substring(colon + 1));
        }
        return parseUnusual(untrusted);
    }

    private static Subject parseUnusual(String untrusted) {
        int colon = 0;
        while (colon < untrusted.length() && untrusted.charAt(colon) != ':' && untrusted.charAt(colon) != '\uFF1A') {
            colon++;
        }
        if (untrusted.isBlank()) {
            throw Refusal.EMPTY.because("a subject is a scheme, a colon and a value");
        }
        if (colon < untrusted.length() && colon <= LONGEST_SCHEME) {
            String name = Spelling.asciiLower(
                    Spelling.narrow(untrusted.substring(0, colon).strip()));
            Optional<SubjectScheme> scheme = SubjectScheme.named(name);
            if (scheme.isPresent()) {
                return parse(scheme.get(), untrusted.substring(colon + 1));
            }
            if (name.equals("urn")) {
                return Recognition.recognise(untrusted);
            }
        }
        String noScheme = Refusal.quote(untrusted) + " does not begin with a scheme and a colon";
        throw Recognition.guess(untrusted)
                .map(meant -> Refusal.UNKNOWN_SCHEME.because(noScheme, meant.canonical()))
                .orElseGet(() ->
                        Refusal.UNKNOWN_SCHEME.because(noScheme, "url:, isbn: or another scheme in front of it", null));
    }

    private static Subject parse(SubjectScheme scheme, String value) {
        String canonical = scheme.rules().parse(value);
        return new Subject(scheme.schemeOf(canonical), canonical);
    }

    /**
     * Reads what a person pastes without a scheme: a link, an ISBN with hyphens, a DOI link, a code.
     *
     * @throws ProblemException {@link Problem#MALFORMED_SUBJECT}, with the reason of what it most looks like
     */
    public static Subject recognise(String untrusted) {
        return Recognition.recognise(untrusted);
    }

    /**
     * A new id for a work that has none.
     *
     * @param random at least {@value WorkRules#RANDOM_BYTES} random bytes, of which the first hundred bits are used
     */
    public static Subject ofWork(byte[] random) {
        return new Subject(SubjectScheme.WORK, WorkRules.of(random));
    }

    /** What kind of thing this is; it may differ from the scheme that was parsed. */
    public SubjectScheme scheme() {
        return scheme;
    }

    /** {@code scheme:value}, the same for every spelling of the same thing. */
    public String canonical() {
        return canonical;
    }

    /** What follows the scheme and its colon. */
    public String value() {
        return canonical.substring(scheme.wireName().length() + 1);
    }

    /** What this subject is kept and found by. */
    public SubjectKey key() {
        SubjectKey known = key;
        if (known == null) {
            known = keyOf(canonical);
            key = known;
        }
        return known;
    }

    static SubjectKey keyOf(String canonical) {
        byte[] bytes = canonical.getBytes(StandardCharsets.UTF_8);
        return Sha256.ofThread().key(bytes, 0, bytes.length);
    }

    /**
     * Refuses what may be asked for but not declared: a public suffix, a host that cannot exist, a registration group, and
     * what lies deeper than expansions reach.
     *
     * @throws ProblemException {@link Problem#UNDECLARABLE_SUBJECT}
     */
    public void requireDeclarable() {
        requireDeclarable(SuffixList.bundled());
    }

    void requireDeclarable(SuffixList suffixes) {
        scheme.rules().requireDeclarable(value(), suffixes);
    }

    /**
     * What reaches this subject, most specific first: itself, what contains it, what it is also called. At most
     * {@value Expansion#MAX_SIZE} entries.
     */
    public Expansion expand() {
        return Expansion.of(this, SuffixList.bundled());
    }

    /**
     * The key to test before expanding: if an index holds no statement with this gate, none reaches this subject. Every
     * statement on a {@code url}, {@code under} or {@code domain} has the gate of its subject, and an index keeps them
     * beside the keys. The gate is a matter of the registrable domain and so of the public suffix list: an index that was
     * built with another {@link PublicSuffixes#version()} is rebuilt.
     *
     * @return empty where there is no gate, and expanding is the only way
     */
    public Optional<SubjectKey> sitePrefilter() {
        return SitePrefilter.of(this, SuffixList.bundled());
    }

    /** Whether a subject of that canonical text has more than itself in {@link #indexedAs}. */
    public static boolean isFoundUnderOthers(String canonical) {
        return canonical.startsWith(FOUND_UNDER_OTHERS);
    }

    /**
     * The subjects under whose keys a statement about this one is to be kept, this one first. For all but ISCC that is this
     * one alone; one content has many ISCCs that share some units, so a statement about one is kept under its units too.
     */
    public List<Subject> indexedAs() {
        return scheme == SubjectScheme.ISCC ? IsccRules.withHeads(this) : List.of(this);
    }

    @Override
    public int compareTo(Subject other) {
        return canonical.compareTo(other.canonical);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Subject subject && canonical.equals(subject.canonical);
    }

    @Override
    public int hashCode() {
        return canonical.hashCode();
    }

    @Override
    public String toString() {
        return canonical;
    }
}
