package org.askfirst.subject;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.askfirst.subject.internal.scheme.AccountRules;
import org.askfirst.subject.internal.scheme.DoiPrefixRules;
import org.askfirst.subject.internal.scheme.DoiRules;
import org.askfirst.subject.internal.scheme.DomainRules;
import org.askfirst.subject.internal.scheme.EidrRules;
import org.askfirst.subject.internal.scheme.GridRules;
import org.askfirst.subject.internal.scheme.GtinRules;
import org.askfirst.subject.internal.scheme.IcnRules;
import org.askfirst.subject.internal.scheme.IpiRules;
import org.askfirst.subject.internal.scheme.IsanRules;
import org.askfirst.subject.internal.scheme.IsbnPrefixRules;
import org.askfirst.subject.internal.scheme.IsbnRules;
import org.askfirst.subject.internal.scheme.IsmnRules;
import org.askfirst.subject.internal.scheme.IsniRules;
import org.askfirst.subject.internal.scheme.IsrcRegistrantRules;
import org.askfirst.subject.internal.scheme.IsrcRules;
import org.askfirst.subject.internal.scheme.IssnRules;
import org.askfirst.subject.internal.scheme.IswcRules;
import org.askfirst.subject.internal.scheme.KccRules;
import org.askfirst.subject.internal.scheme.SchemeRules;
import org.askfirst.subject.internal.scheme.Sha256Rules;
import org.askfirst.subject.internal.scheme.UciPrefixRules;
import org.askfirst.subject.internal.scheme.UciRules;
import org.askfirst.subject.internal.scheme.UnderRules;
import org.askfirst.subject.internal.scheme.UrlRules;
import org.askfirst.subject.internal.scheme.WorkRules;

/**
 * The schemes of subjects. Each has the name before the colon, a canonical example and its rules.
 *
 * <p>Add a new scheme as a constant at the end of the list. It does not compile without rules.
 */
public enum SubjectScheme {
    /** One address on the web. Without a query it covers the address with every query. */
    URL("url", false, "https://example.com/art/1.png?v=2", new UrlRules()),
    /** Every address below a directory of one host. */
    UNDER("under", true, "https://example.com/art/", new UnderRules()),
    /** A host and all its subdomains. */
    DOMAIN("domain", true, "example.com", new DomainRules()),
    /** One exact file. */
    SHA256("sha256", false, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", new Sha256Rules()),
    /** Content, by its ISCC (ISO 24138). */
    ISCC("iscc", false, "KUAG2PRCRS5LNVZVJKAFAVOJXLZZM", new IsccRules()),
    /** A book (ISO 2108). */
    ISBN("isbn", false, "9788936434120", new IsbnRules()),
    /** A serial (ISO 3297). */
    ISSN("issn", false, "03784371", new IssnRules()),
    /** Printed music (ISO 10957). */
    ISMN("ismn", false, "9790230671187", new IsmnRules()),
    /** A recording (ISO 3901). */
    ISRC("isrc", false, "KRA301500123", new IsrcRules()),
    /** A musical work (ISO 15707). */
    ISWC("iswc", false, "T0345246801", new IswcRules()),
    /** Anything with a DOI (ISO 26324). */
    DOI("doi", false, "10.1000/182", new DoiRules()),
    /** A film or a broadcast, by the Entertainment Identifier Registry. */
    EIDR("eidr", false, "10.5240/7791-8534-2C23-9030-8610-5", new EidrRules()),
    /** An audiovisual work (ISO 15706). */
    ISAN("isan", false, "0000000189470000", new IsanRules()),
    /** A release of recordings (Global Release Identifier). */
    GRID("grid", false, "A12425GABC1234002M", new GridRules()),
    /** A traded product (GS1) that is neither a book nor printed music. */
    GTIN("gtin", false, "08801234567893", new GtinRules()),
    /** Korean digital content (Universal Content Identifier, RFC 4179). */
    UCI("uci", false, "I410-ECN-0102-2023-500-000819813", new UciRules()),
    /** A work in the Korean integrated copyright number system. The number is opaque. */
    ICN("icn", false, "ICN-2023-000123", new IcnRules()),
    /** A work registered with the Korea Copyright Commission. The number is opaque. */
    KCC("kcc", false, "C-2023-012345", new KccRules()),
    /** Every book of one publisher's ISBN block. */
    ISBN_PREFIX("isbn-prefix", true, "97889364", new IsbnPrefixRules()),
    /** Every recording numbered by one ISRC registrant. */
    ISRC_REGISTRANT("isrc-registrant", true, "KRA30", new IsrcRegistrantRules()),
    /** Everything under one DOI prefix. */
    DOI_PREFIX("doi-prefix", true, "10.1234", new DoiPrefixRules()),
    /** Everything under one UCI prefix. */
    UCI_PREFIX("uci-prefix", true, "I410", new UciPrefixRules()),
    /** Every work that is asked together with this creator (ISO 27729). */
    ISNI("isni", true, "0000000121032683", new IsniRules()),
    /** Every work that is asked together with this creator, by the societies' name number. */
    IPI("ipi", true, "00014107338", new IpiRules()),
    /** A work without file, URL and number; the registry assigns its id. */
    WORK("work", false, "041061050r3gg28a1c60a", new WorkRules()),
    /** Everything that somebody publishes with one account, or in one series, of a platform. */
    ACCOUNT("account", false, "instagram:moon_toon", new AccountRules());

    private static final Map<String, SubjectScheme> BY_WIRE_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(SubjectScheme::wireName, Function.identity()));

    private final String wireName;
    private final boolean needsControl;
    private final String exampleValue;

    @SuppressWarnings("ImmutableEnumChecker") // Rules have no state.
    private final SchemeRules rules;

    SubjectScheme(String wireName, boolean needsControl, String exampleValue, SchemeRules rules) {
        this.wireName = wireName;
        this.needsControl = needsControl;
        this.exampleValue = exampleValue;
        this.rules = rules;
    }

    /** Returns the name before the colon: lower case, hyphenated, never changed. */
    public String wireName() {
        return wireName;
    }

    /** Returns true if a subject of this scheme reaches works of others, so that the party must prove control of it. */
    public boolean needsControl() {
        return needsControl;
    }

    /**
     * Returns the number in files: the place in this list, counted from 0. New schemes are added at the end of the
     * list, and none is removed.
     */
    @SuppressWarnings("EnumOrdinal") // The order of the list is part of the formats.
    public int number() {
        return ordinal();
    }

    /** Returns true if a subject of this scheme is a place on the web or a part of it. */
    public boolean isAddress() {
        return this == URL || this == UNDER || this == DOMAIN;
    }

    /** Returns a canonical subject of this scheme. */
    public String example() {
        return wireName + ":" + exampleValue;
    }

    /**
     * Returns the names that columns with such subjects have in people's tables: lower case, letters and digits only.
     */
    public List<String> columnNames() {
        return rules.columnNames();
    }

    /** Returns the rules of this scheme. */
    SchemeRules rules() {
        return rules;
    }

    /** Returns the scheme of a canonical subject that was parsed as one of this scheme; nearly always this one. */
    SubjectScheme schemeOf(String canonical) {
        int colon = wireName.length();
        return canonical.startsWith(wireName) && canonical.charAt(colon) == ':'
                ? this
                : ofName(canonical.substring(0, canonical.indexOf(':')));
    }

    /** Returns the scheme of a name that the rules of a scheme returned. */
    static SubjectScheme ofName(String wireName) {
        SubjectScheme scheme = BY_WIRE_NAME.get(wireName);
        if (scheme == null) {
            throw new IllegalStateException("no scheme has the name " + wireName);
        }
        return scheme;
    }

    /** Returns the scheme with exactly that name; empty if there is none. */
    public static Optional<SubjectScheme> named(String wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
    }
}
