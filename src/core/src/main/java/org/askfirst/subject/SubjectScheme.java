package org.askfirst.subject;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of subject, each with the name that precedes the colon and a canonical example. */
public enum SubjectScheme {
    /** One address on the web; without a query it speaks for every query of it. */
    URL("url", false, "https://example.com/art/1.png?v=2"),
    /** Every address below a directory of one host. */
    UNDER("under", true, "https://example.com/art/"),
    /** A host and all its subdomains. */
    DOMAIN("domain", true, "example.com"),
    /** One exact file. */
    SHA256("sha256", false, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    /** Content, by its ISCC (ISO 24138). */
    ISCC("iscc", false, "KUAG2PRCRS5LNVZVJKAFAVOJXLZZM"),
    /** A book (ISO 2108). */
    ISBN("isbn", false, "9788936434120"),
    /** A serial (ISO 3297). */
    ISSN("issn", false, "03784371"),
    /** Printed music (ISO 10957). */
    ISMN("ismn", false, "9790230671187"),
    /** A recording (ISO 3901). */
    ISRC("isrc", false, "KRA301500123"),
    /** A musical work (ISO 15707). */
    ISWC("iswc", false, "T0345246801"),
    /** Anything with a DOI (ISO 26324). */
    DOI("doi", false, "10.1000/182"),
    /** A film or a broadcast, by the Entertainment Identifier Registry. */
    EIDR("eidr", false, "10.5240/7791-8534-2C23-9030-8610-5"),
    /** An audiovisual work (ISO 15706). */
    ISAN("isan", false, "0000000189470000"),
    /** A release of recordings (Global Release Identifier). */
    GRID("grid", false, "A12425GABC1234002M"),
    /** A traded product (GS1), when it is not a book or printed music. */
    GTIN("gtin", false, "08801234567893"),
    /** Korean digital content (Universal Content Identifier, RFC 4179). */
    UCI("uci", false, "I410-ECN-0102-2023-500-000819813"),
    /** A work in the Korean integrated copyright number system; opaque. */
    ICN("icn", false, "ICN-2023-000123"),
    /** A work registered with the Korea Copyright Commission; opaque. */
    KCC("kcc", false, "C-2023-012345"),
    /** Every book of one publisher's ISBN block. */
    ISBN_PREFIX("isbn-prefix", true, "97889364"),
    /** Every recording numbered by one ISRC registrant. */
    ISRC_REGISTRANT("isrc-registrant", true, "KRA30"),
    /** Everything under one DOI prefix. */
    DOI_PREFIX("doi-prefix", true, "10.1234"),
    /** Everything under one UCI prefix. */
    UCI_PREFIX("uci-prefix", true, "I410"),
    /** Every work asked together with this creator (ISO 27729). */
    ISNI("isni", true, "0000000121032683"),
    /** Every work asked together with this creator, by the societies' name number. */
    IPI("ipi", true, "00014107338"),
    /** A work with no file, no URL and no number; the registry gives the id. */
    WORK("work", false, "041061050r3gg28a1c60a");

    private static final Map<String, SubjectScheme> BY_WIRE_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(SubjectScheme::wireName, Function.identity()));

    private final String wireName;
    private final boolean needsControl;
    private final String exampleValue;

    SubjectScheme(String wireName, boolean needsControl, String exampleValue) {
        this.wireName = wireName;
        this.needsControl = needsControl;
        this.exampleValue = exampleValue;
    }

    /** The name before the colon: lower case, hyphenated, stable for ever. */
    public String wireName() {
        return wireName;
    }

    /** Whether a subject of this kind reaches works of others, so that its declarer must prove control of it. */
    public boolean needsControl() {
        return needsControl;
    }

    /**
     * Its number in files: the place in this list, counted from 0. A new scheme is added at the end of the list, and
     * none is taken out.
     */
    @SuppressWarnings("EnumOrdinal") // The order of the list is part of the formats.
    public int number() {
        return ordinal();
    }

    /** Whether a subject of this kind is a place on the web, or a part of it. */
    public boolean isAddress() {
        return this == URL || this == UNDER || this == DOMAIN;
    }

    /** A canonical subject of this kind. */
    public String example() {
        return wireName + ":" + exampleValue;
    }

    /** The scheme of that exact wire name. */
    public static Optional<SubjectScheme> named(String wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
    }
}
