package org.askfirst.subject;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.askfirst.subject.internal.web.SuffixList;
import org.askfirst.subject.internal.web.WebAddress;

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

    static Expansion of(Subject subject, SuffixList suffixes) {
        ExpansionBuilder builder = new ExpansionBuilder();
        switch (subject.scheme()) {
            case URL -> addUrl(builder, subject, suffixes);
            case UNDER, DOMAIN -> builder.addAddress(subject, suffixes);
            default -> builder.addIdentifier(subject, suffixes);
        }
        return builder.build();
    }

    private static void addUrl(ExpansionBuilder builder, Subject subject, SuffixList suffixes) {
        builder.addAddress(subject, suffixes);
        doiOf(WebAddress.of(subject.canonical())).ifPresent(doi -> {
            builder.addIdentifier(doi, suffixes);
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

    /** How many entries there are. */
    public int size() {
        return size;
    }

    /** The key of entry {@code i}. */
    public SubjectKey key(int i) {
        int word = checked(i) * WORDS;
        return new SubjectKey(words[word], words[word + 1], words[word + 2], words[word + 3]);
    }

    /** The first eight bytes of the key of entry {@code i}, as {@link SubjectKey#prefix64()}, without making the key. */
    public long prefix64(int i) {
        return words[checked(i) * WORDS];
    }

    /** Puts four words of each key in turn, as {@link SubjectKey#word}, into an array from {@code at} on. */
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
