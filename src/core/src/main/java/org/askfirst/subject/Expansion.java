package org.askfirst.subject;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What reaches one subject: keys, from the most specific to the least, each with its specificity, its scheme and, when it
 * is asked for, its canonical string.
 *
 * <p>The first entry is the subject itself. No entry crosses the registrable domain of an address. Cost is bounded: at most
 * {@value #MAX_SIZE} hashes, however long the input.
 */
public final class Expansion {
    /** No expansion has more entries. */
    public static final int MAX_SIZE = 48;

    /** Thirteen digits less the check digit and one for the title. */
    static final int LONGEST_ISBN_PREFIX = 11;

    /** How many parts after its prefix a declared {@code uci-prefix} may have. */
    static final int MAX_UCI_COMPONENTS = 6;

    private static final int SHORTEST_ISBN_PREFIX = 5;
    private static final int WORDS = 4;

    private final int size;
    private final SubjectScheme[] schemes;
    private final int[] specificities;
    private final String[] sources;
    private final int[] starts;
    private final int[] ends;
    private final long[] words;

    /** The arrays are the builder's own, which gives them away; entry {@code i} has four words from {@code 4 * i} on. */
    Expansion(
            int size,
            SubjectScheme[] schemes,
            int[] specificities,
            String[] sources,
            int[] starts,
            int[] ends,
            long[] words) {
        this.size = size;
        this.schemes = schemes;
        this.specificities = specificities;
        this.sources = sources;
        this.starts = starts;
        this.ends = ends;
        this.words = words;
    }

    static Expansion of(Subject subject, PublicSuffixes suffixes) {
        ExpansionBuilder builder = new ExpansionBuilder();
        switch (subject.scheme()) {
            case URL -> addUrl(builder, subject, suffixes);
            case UNDER, DOMAIN -> builder.addAddress(subject, suffixes);
            default -> addIdentifier(builder, subject, suffixes);
        }
        return builder.build();
    }

    private static void addUrl(ExpansionBuilder builder, Subject subject, PublicSuffixes suffixes) {
        builder.addAddress(subject, suffixes);
        doiOf(WebAddress.of(subject)).ifPresent(doi -> {
            addIdentifier(builder, doi, suffixes);
            builder.sort();
        });
    }

    /** What a link to the DOI resolver names. */
    static Optional<Subject> doiOf(WebAddress address) {
        String text = address.text();
        int host = address.hostStart();
        int length = address.hostEnd() - host;
        boolean isResolver = (length == 7 && text.startsWith("doi.org", host))
                || (length == 10 && text.startsWith("dx.doi.org", host))
                || (length == 11 && text.startsWith("www.doi.org", host));
        return isResolver && text.startsWith("/10.", address.hostEnd())
                ? Recognition.attempt(SubjectScheme.DOI, text.substring(address.hostEnd() + 1, address.pathEnd()))
                : Optional.empty();
    }

    private static void addIdentifier(ExpansionBuilder builder, Subject subject, PublicSuffixes suffixes) {
        String value = subject.value();
        builder.add(subject.scheme(), Specificity.of(subject, suffixes), value, 0, value.length());
        switch (subject.scheme()) {
            case ISBN -> {
                for (int length = LONGEST_ISBN_PREFIX; length >= SHORTEST_ISBN_PREFIX; length--) {
                    builder.add(SubjectScheme.ISBN_PREFIX, Specificity.prefix(length), value, 0, length);
                }
            }
            case ISBN_PREFIX -> {
                for (int length = Math.min(value.length() - 1, LONGEST_ISBN_PREFIX);
                        length >= SHORTEST_ISBN_PREFIX;
                        length--) {
                    builder.add(SubjectScheme.ISBN_PREFIX, Specificity.prefix(length), value, 0, length);
                }
            }
            case GTIN -> {
                String serial = BookNumbers.serialOf(value);
                if (!serial.isEmpty()) {
                    builder.add(SubjectScheme.ISSN, Specificity.AROUND, serial, 0, serial.length());
                }
            }
            case ISRC -> builder.add(SubjectScheme.ISRC_REGISTRANT, Specificity.prefix(5), value, 0, 5);
            case ISAN -> addFilms(builder, value);
            case DOI, EIDR -> addDoiPrefixes(builder, value, value.indexOf('/'));
            case DOI_PREFIX -> addDoiPrefixes(builder, value, value.lastIndexOf('.'));
            case UCI -> addUciPrefixes(builder, value, true);
            case UCI_PREFIX -> addUciPrefixes(builder, value, false);
            case ISCC -> addUnits(builder, value);
            default -> {}
        }
    }

    /** From a version to the work, from an episode to its series. */
    private static void addFilms(ExpansionBuilder builder, String value) {
        if (value.length() > 16) {
            builder.add(SubjectScheme.ISAN, Specificity.AROUND, value, 0, 16);
        }
        String series = value.substring(0, 12) + "0000";
        if (!value.startsWith(series)) {
            builder.add(SubjectScheme.ISAN, Specificity.AROUND - 1, series, 0, series.length());
        }
    }

    /** The prefix that ends at {@code end}, and those it is a subdivision of, eight at most. */
    private static void addDoiPrefixes(ExpansionBuilder builder, String value, int end) {
        int to = end;
        for (int i = 0; i < 8 && to > 3; i++) {
            builder.add(SubjectScheme.DOI_PREFIX, Specificity.prefix(to), value, 0, to);
            to = value.lastIndexOf('.', to - 1);
        }
    }

    private static void addUciPrefixes(ExpansionBuilder builder, String value, boolean isWhole) {
        int prefixEnd = KoreanNumbers.prefixEnd(value);
        int qualifier = value.indexOf(':', prefixEnd);
        if (isWhole && qualifier > 0) {
            builder.add(SubjectScheme.UCI, Specificity.AROUND, value, 0, qualifier);
        }
        int[] ends = IntStream.range(prefixEnd, qualifier < 0 ? value.length() : qualifier)
                .filter(i -> value.charAt(i) == '-' && value.charAt(i - 1) != '-')
                .limit(MAX_UCI_COMPONENTS + 1L)
                .toArray();
        for (int i = ends.length - 1; i >= 0; i--) {
            builder.add(SubjectScheme.UCI_PREFIX, Specificity.prefix(ends[i]), value, 0, ends[i]);
        }
        for (int i = prefixEnd - 1; i > 0; i--) {
            if (value.charAt(i) == ':' || value.charAt(i) == '+') {
                builder.add(SubjectScheme.UCI_PREFIX, Specificity.prefix(i), value, 0, i);
            }
        }
    }

    private static void addUnits(ExpansionBuilder builder, String value) {
        int specificity = Specificity.AROUND;
        List<Iscc> heads = Iscc.parse(value).heads();
        for (int i = heads.size() - 1; i >= 0; i--) {
            String head = heads.get(i).canonical();
            if (!head.equals(value)) {
                builder.add(SubjectScheme.ISCC, specificity--, head, 0, head.length());
            }
        }
    }

    static List<Subject> isccAndHeads(Subject subject) {
        return Stream.concat(
                        Stream.of(subject),
                        Iscc.parse(subject.value()).heads().stream()
                                .map(head -> Subject.of(SubjectScheme.ISCC, head.canonical())))
                .distinct()
                .toList();
    }

    /** How many entries there are. */
    public int size() {
        return size;
    }

    /** The key of entry {@code i}. */
    public Key key(int i) {
        int word = checked(i) * WORDS;
        return new Key(words[word], words[word + 1], words[word + 2], words[word + 3]);
    }

    /** The first eight bytes of the key of entry {@code i}, as {@link Key#prefix64()}, without making the key. */
    public long prefix64(int i) {
        return words[checked(i) * WORDS];
    }

    /** Puts four words of each key in turn, as {@link Key#word}, into an array from {@code at} on. */
    public void copyWords(long[] to, int at) {
        System.arraycopy(words, 0, to, at, size * WORDS);
    }

    /**
     * Whether entry {@code i} contains entry {@code j}, so that who controls the one controls the other. What reaches
     * the asked subject contains what reaches it more closely, so whatever is wider contains it; but only among
     * addresses or among identifiers. A link to the resolver of DOIs is reached by both, and whoever runs the resolver
     * does not control what it resolves.
     */
    public boolean contains(int i, int j) {
        return i == j
                || (specificity(i) < specificity(j)
                        && scheme(i).isAddress() == scheme(j).isAddress());
    }

    /** How narrowly entry {@code i} speaks: to be compared between subjects of any scheme, more is narrower. */
    public int specificity(int i) {
        return specificities[checked(i)];
    }

    /** The scheme of entry {@code i}. */
    public SubjectScheme scheme(int i) {
        return schemes[checked(i)];
    }

    /** The canonical subject of entry {@code i}; made anew at each call. */
    public String canonical(int i) {
        String source = sources[checked(i)];
        // A page is reached by the rule for the directory of its name, whose slash its own text has not.
        return ends[i] > source.length()
                ? schemes[i].wireName() + ":" + source.substring(starts[i]) + "/"
                : schemes[i].wireName() + ":" + source.substring(starts[i], ends[i]);
    }

    private int checked(int i) {
        return Objects.checkIndex(i, size);
    }

    @Override
    public String toString() {
        return IntStream.range(0, size).mapToObj(this::canonical).toList().toString();
    }
}
