package org.askfirst.subject;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.askfirst.problem.Problem;
import org.askfirst.problem.ProblemException;
import org.askfirst.problem.Reason;
import org.askfirst.subject.internal.scheme.DomainRules;
import org.askfirst.subject.internal.scheme.UnderRules;
import org.askfirst.subject.internal.scheme.WorkRules;
import org.askfirst.subject.internal.text.Invisible;
import org.askfirst.subject.internal.text.Refusal;
import org.askfirst.subject.internal.text.Spelling;
import org.askfirst.subject.internal.web.PlainSpelling;
import org.askfirst.subject.internal.web.PlatformTable;
import org.askfirst.subject.internal.web.SuffixList;
import org.askfirst.subject.internal.web.UrlCanonicalizer;
import org.askfirst.subject.internal.web.WebAddress;
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
    /** Matches a mail address alone: several, and one with headers, could have the mail delivered elsewhere. */
    private static final Pattern MAIL = Pattern.compile("mailto:[^@,?%\\s]++@([^@,?%\\s/]++)");

    /**
     * The greatest number of directories of a declared {@code under}. Expansions have as many, so every declared one is
     * found.
     */
    public static final int MAX_DIRECTORIES = UnderRules.MAX_DIRECTORIES;

    /** The greatest number of labels of a declared {@code domain} before its registrable domain. */
    public static final int MAX_SUBDOMAIN_LABELS = DomainRules.MAX_SUBDOMAIN_LABELS;

    /**
     * The domain of the subjects that exist only for tests of clients. RFC 2606 reserves {@code example}, so nobody has
     * it. Nobody can declare on it.
     */
    public static final String TEST_DOMAIN = "askfirst.example";

    private static final int LONGEST_SCHEME = 32;

    private static final String ISCC = SubjectScheme.ISCC.wireName() + ":";
    private static final String URL = SubjectScheme.URL.wireName() + ":";

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
            String canonical = UrlCanonicalizer.url(untrusted, 4);
            return new Subject(SubjectScheme.URL.schemeOf(canonical), canonical);
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

    /**
     * Returns the subject that the registry stored with this canonical text. It is not parsed: the rules of parsing may
     * have become stricter since the subject was declared, and the declaration stays what it is.
     *
     * @throws ProblemException {@link Problem#MALFORMED_SUBJECT} if the text does not begin with a known scheme
     */
    public static Subject ofStored(String canonical) {
        int colon = canonical.indexOf(':');
        Optional<SubjectScheme> scheme =
                colon < 0 ? Optional.empty() : SubjectScheme.named(canonical.substring(0, colon));
        return scheme.isPresent() ? new Subject(scheme.get(), canonical) : parse(canonical);
    }

    /**
     * Returns the subject whose owner receives what is sent to a contact: the domain of a mail address, or the address of
     * a page. Empty for a telephone number, for several mail addresses, and for what is no address.
     *
     * @param contact a {@code mailto:}, {@code https:} or {@code tel:} URI
     */
    public static Optional<Subject> ofContact(String contact) {
        try {
            if (contact.startsWith("https://")) {
                return Optional.of(parse("url:" + contact));
            }
            Matcher mail = MAIL.matcher(contact);
            return mail.matches() ? Optional.of(parse("domain:" + mail.group(1))) : Optional.empty();
        } catch (ProblemException noAddress) {
            return Optional.empty();
        }
    }

    private static Subject parseUnusual(String input) {
        String untrusted = Invisible.trim(input);
        int colon = 0;
        while (colon < untrusted.length() && untrusted.charAt(colon) != ':' && untrusted.charAt(colon) != '\uFF1A') {
            colon++;
        }
        if (untrusted.isEmpty()) {
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

    /** Returns the host of an address or a domain, if it is {@link #TEST_DOMAIN} or below it; null otherwise. */
    public @Nullable String testHost() {
        if (!canonical.contains(TEST_DOMAIN)) {
            return null;
        }
        int from = switch (scheme) {
            case URL, UNDER -> canonical.indexOf("://") + 3;
            case DOMAIN -> scheme.wireName().length() + 1;
            default -> 0;
        };
        if (from == 0) {
            return null;
        }
        int end = from;
        while (end < canonical.length() && "/?#:".indexOf(canonical.charAt(end)) < 0) {
            end++;
        }
        String host = canonical.substring(from, end);
        return host.equals(TEST_DOMAIN) || host.endsWith("." + TEST_DOMAIN) ? host : null;
    }

    void requireDeclarable(SuffixList suffixes) {
        if (testHost() != null) {
            throw Problem.UNDECLARABLE_SUBJECT.at(
                    "",
                    Reason.IMPOSSIBLE_HOST,
                    "It cannot be declared: everything below " + TEST_DOMAIN + " is reserved for tests of clients.");
        }
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
     * subject. An index stores {@link #storedSitePrefilter} of the subject of every statement. The site prefilter
     * depends on the registrable domain and therefore on the public suffix list: an index from another {@link
     * PublicSuffixes#version()} must be rebuilt.
     *
     * @return empty if the subject has none, so that it must be expanded
     */
    public Optional<SubjectKey> sitePrefilter() {
        return SitePrefilter.of(this, SuffixList.bundled(), PlatformTable.bundled());
    }

    /**
     * Returns the key that an index stores for a statement about this subject, so that askers whose subjects have that
     * site prefilter find it. It does not depend on the table of platforms: an address that carries an account has one
     * here, because askers with an older table may not know the account.
     */
    public Optional<SubjectKey> storedSitePrefilter() {
        return SitePrefilter.stored(this, SuffixList.bundled());
    }

    /**
     * Returns the registrable domain of a {@code url}, {@code under} or {@code domain} by the public suffix list, or the
     * host if it has none, such as an IP address; empty for other schemes.
     */
    public Optional<String> registrableDomain() {
        return SitePrefilter.domain(this, SuffixList.bundled());
    }

    /** Returns the account that a {@code url} carries; empty if it carries none, and for other schemes. */
    public Optional<Subject> account() {
        return found().map(account -> of(SubjectScheme.ACCOUNT, account.value()));
    }

    /** Returns the account if the {@code url} names the account itself, and not something that it published. */
    Optional<Subject> namedAccount() {
        return found().filter(PlatformTable.Account::isNamed)
                .map(account -> of(SubjectScheme.ACCOUNT, account.value()));
    }

    private Optional<PlatformTable.Account> found() {
        return scheme == SubjectScheme.URL
                ? Optional.ofNullable(PlatformTable.bundled().find(WebAddress.of(canonical)))
                : Optional.empty();
    }

    /** Returns true for a {@code url} on a host on which many people publish, so that nobody there means the site. */
    public boolean isOnSharedSite() {
        if (scheme != SubjectScheme.URL) {
            return false;
        }
        WebAddress address = WebAddress.of(canonical);
        return found().isPresent()
                || PlatformTable.bundled().isShared(canonical, address.hostStart(), address.hostEnd());
    }

    /** Returns true if {@link #indexedAs} of a subject with that canonical text has more than the subject itself. */
    public static boolean isFoundUnderOthers(String canonical) {
        return canonical.startsWith(ISCC) || (canonical.startsWith(URL) && !isPlain(canonical));
    }

    private static boolean isPlain(String url) {
        return PlainSpelling.of(WebAddress.of(url)).equals(url);
    }

    /**
     * Returns the subjects under whose keys a statement about this one is stored, this one first. Two schemes have
     * several. One content has many ISCCs that share some units, so a statement about one is also stored under its
     * units. One page has many addresses, so a statement about one is also stored under its plain spelling.
     */
    public List<Subject> indexedAs() {
        return switch (scheme) {
            case ISCC -> IsccRules.withHeads(this);
            case URL -> {
                String plain = PlainSpelling.of(WebAddress.of(canonical));
                yield plain.equals(canonical) ? List.of(this) : List.of(this, new Subject(SubjectScheme.URL, plain));
            }
            default -> List.of(this);
        };
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
