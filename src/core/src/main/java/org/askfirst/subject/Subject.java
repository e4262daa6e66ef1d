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
 * The name of a work or a group of works: one canonical string, such as a file, an address, a site, a block of numbers
 * or a creator.
 *
 * <p>Two spellings of the same thing parse to equal subjects, and a canonical string parses to itself. If two schemes
 * number the same thing, {@link #parse} may return another scheme than the given one: a GTIN that begins with 978 is an
 * ISBN.
 */
public final class Subject implements Comparable<Subject> {
    /**
     * The greatest number of directories of a declared {@code under}. Expansions have as many, so every declared one is
     * found.
     */
    public static final int MAX_DIRECTORIES = UnderRules.MAX_DIRECTORIES;

    /** The greatest number of labels of a declared {@code domain} before its registrable domain. */
    public static final int MAX_SUBDOMAIN_LABELS = DomainRules.MAX_SUBDOMAIN_LABELS;

    private static final int LONGEST_SCHEME = 32;

    private static final String FOUND_UNDER_OTHERS = SubjectScheme.ISCC.wireName() + ":";

    private final SubjectScheme scheme;
    private final String canonical;

    /** Computed on first use. If two threads race, both compute the same value. */
    private @Nullable SubjectKey key;

    private Subject(SubjectScheme scheme, String canonical) {
        this.scheme = scheme;
        this.canonical = canonical;
    }

    /** Returns the subject with this scheme and value. The caller must pass a canonical value. */
    static Subject of(SubjectScheme scheme, String value) {
        return new Subject(scheme, scheme.wireName() + ":" + value);
    }

    /**
     * Reads {@code scheme:value} in any spelling.
     *
     * @throws ProblemException {@link Problem#MALFORMED_SUBJECT}, with the fault and, if it is known, the value that
     *     was probably meant
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
     * Reads a text without a scheme: a link, an ISBN with hyphens, a DOI link, a code.
     *
     * @throws ProblemException {@link Problem#MALFORMED_SUBJECT}, with the fault as the scheme that the text resembles
     *     most
     */
    public static Subject recognise(String untrusted) {
        return Recognition.recognise(untrusted);
    }

    /**
     * Returns a new id for a work that has none.
     *
     * @param random at least {@value WorkRules#RANDOM_BYTES} random bytes, of which the first hundred bits are used
     */
    public static Subject ofWork(byte[] random) {
        return new Subject(SubjectScheme.WORK, WorkRules.of(random));
    }

    /** Returns the scheme. It may differ from the parsed one. */
    public SubjectScheme scheme() {
        return scheme;
    }

    /** Returns {@code scheme:value}, which is the same for every spelling of the same thing. */
    public String canonical() {
        return canonical;
    }

    /** Returns the part after the scheme and its colon. */
    public String value() {
        return canonical.substring(scheme.wireName().length() + 1);
    }

    /** Returns the key under which this subject is stored and found. */
    public SubjectKey key() {
        SubjectKey computed = key;
        if (computed == null) {
            computed = keyOf(canonical);
            key = computed;
        }
        return computed;
    }

    static SubjectKey keyOf(String canonical) {
        byte[] bytes = canonical.getBytes(StandardCharsets.UTF_8);
        return Sha256.ofThread().key(bytes, 0, bytes.length);
    }

    /**
     * Refuses subjects that may be asked but not declared: a public suffix, a host that cannot exist, a registration
     * group, and subjects deeper than expansions reach.
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
     * Returns all subjects that reach this one, most specific first: itself, subjects that contain it, and its other
     * names. At most {@value Expansion#MAX_SIZE} entries.
     */
    public Expansion expand() {
        return Expansion.of(this, SuffixList.bundled());
    }

    /**
     * Returns the key to test before the subject is expanded. If an index does not have it, no statement reaches this
     * subject. An index stores the site prefilter of the subject of every statement on a {@code url}, {@code under} or
     * {@code domain}. The site prefilter depends on the registrable domain and therefore on the public suffix list: an
     * index from another {@link PublicSuffixes#version()} must be rebuilt.
     *
     * @return empty if the subject has none, so that it must be expanded
     */
    public Optional<SubjectKey> sitePrefilter() {
        return SitePrefilter.of(this, SuffixList.bundled());
    }

    /**
     * Returns true if {@link #indexedAs} of a subject with that canonical text may have more than the subject itself.
     */
    public static boolean isFoundUnderOthers(String canonical) {
        return canonical.startsWith(FOUND_UNDER_OTHERS);
    }

    /**
     * Returns the subjects under whose keys a statement about this one is stored, this one first. Only an ISCC has
     * several: one content has many ISCCs that share some units, so a statement about one is also stored under its
     * units.
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
