package org.askfirst.subject;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.askfirst.subject.internal.web.SuffixList;
import org.askfirst.subject.internal.web.WebAddress;

/**
 * All subjects that reach one subject, from the most specific to the least. Each has a key, a specificity and a scheme;
 * its canonical string is built on demand.
 *
 * <p>The first entry is the subject itself. No entry leaves the registrable domain of an address. The cost is bounded:
 * at most {@value #MAX_SIZE} hashes, for input of any length.
 */
public final class Expansion {
    /** The greatest number of entries of an expansion. */
    public static final int MAX_SIZE = 48;

    private static final int WORDS = 4;

    private final int size;
    private final SubjectScheme[] schemes;
    private final int[] specificities;
    private final String[] sources;
    private final int[] starts;
    private final int[] ends;
    private final long[] words;

    /** Takes over the builder's arrays. The four words of entry {@code i} begin at {@code 4 * i}. */
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

    /** Returns the DOI that a link to the DOI resolver names. */
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

    /** Returns the number of entries. */
    public int size() {
        return size;
    }

    /** Returns the key of entry {@code i}. */
    public SubjectKey key(int i) {
        int word = checkIndex(i) * WORDS;
        return new SubjectKey(words[word], words[word + 1], words[word + 2], words[word + 3]);
    }

    /**
     * Returns the first eight bytes of the key of entry {@code i}, as {@link SubjectKey#prefix64()} does, without
     * creating the key.
     */
    public long prefix64(int i) {
        return words[checkIndex(i) * WORDS];
    }

    /**
     * Copies four words of each key in turn, as {@link SubjectKey#word} numbers them, to an array from {@code at} on.
     */
    public void copyWords(long[] to, int at) {
        System.arraycopy(words, 0, to, at, size * WORDS);
    }

    /**
     * Returns true if entry {@code i} contains entry {@code j}, so that the controller of one also controls the other.
     * All entries reach the asked subject, so a wider entry contains every narrower one, but only if both are addresses
     * or neither is. A link to the DOI resolver is reached by both kinds, and the operator of the resolver does not
     * control the works to which DOIs lead.
     */
    public boolean contains(int i, int j) {
        return i == j
                || (specificity(i) < specificity(j)
                        && scheme(i).isAddress() == scheme(j).isAddress());
    }

    /**
     * Returns the specificity of entry {@code i}. It can be compared between all schemes; a greater value is more
     * specific.
     */
    public int specificity(int i) {
        return specificities[checkIndex(i)];
    }

    /** Returns the scheme of entry {@code i}. */
    public SubjectScheme scheme(int i) {
        return schemes[checkIndex(i)];
    }

    /** Returns the canonical subject of entry {@code i}, newly built at each call. */
    public String canonical(int i) {
        String source = sources[checkIndex(i)];
        // under:…/a/ also covers the page …/a; add the slash that the page's URL lacks.
        return ends[i] > source.length()
                ? schemes[i].wireName() + ":" + source.substring(starts[i]) + "/"
                : schemes[i].wireName() + ":" + source.substring(starts[i], ends[i]);
    }

    private int checkIndex(int i) {
        return Objects.checkIndex(i, size);
    }

    @Override
    public String toString() {
        return IntStream.range(0, size).mapToObj(this::canonical).toList().toString();
    }
}
