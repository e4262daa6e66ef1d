package org.askfirst.subject;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.askfirst.subject.internal.scheme.Specificity;
import org.askfirst.subject.internal.web.PlatformTable;
import org.askfirst.subject.internal.web.SuffixList;
import org.askfirst.subject.internal.web.UrlCanonicalizer;
import org.askfirst.subject.internal.web.WebAddress;

/**
 * All subjects that reach one subject, from the most specific to the least. Each has a key, a specificity and a scheme;
 * its canonical string is built on demand.
 *
 * <p>The first entry is the subject itself. No entry leaves the site of an address. The cost is bounded: at most {@value
 * #MAX_SIZE} hashes, for input of any length.
 */
public final class Expansion {
    /** The greatest number of entries of an expansion. */
    public static final int MAX_SIZE = 48;

    /** The difference of specificity between an address and another spelling of it. */
    public static final int OTHER_SPELLING = Specificity.OTHER_SPELLING;

    private static final int WORDS = 4;

    private final int size;
    private final SubjectScheme[] schemes;
    private final int[] specificities;
    private final String[] sources;
    private final int[] starts;
    private final int[] ends;
    private final long[] words;
    private final int plainHostLength;
    private final int sharedFrom;

    /**
     * Takes over the builder's arrays. The four words of entry {@code i} begin at {@code 4 * i}.
     *
     * @param plainHostLength the length of the plain host of an address
     * @param sharedFrom the place in the address from which on a host that begins there is shared by many people
     */
    Expansion(
            int size,
            SubjectScheme[] schemes,
            int[] specificities,
            String[] sources,
            int[] starts,
            int[] ends,
            long[] words,
            int plainHostLength,
            int sharedFrom) {
        this.size = size;
        this.schemes = schemes;
        this.specificities = specificities;
        this.sources = sources;
        this.starts = starts;
        this.ends = ends;
        this.words = words;
        this.plainHostLength = plainHostLength;
        this.sharedFrom = sharedFrom;
    }

    static Expansion of(Subject subject, SuffixList suffixes) {
        ExpansionBuilder builder = new ExpansionBuilder(PlatformTable.bundled());
        switch (subject.scheme()) {
            case URL -> addUrl(builder, subject, suffixes);
            case UNDER, DOMAIN -> builder.addAddress(subject, suffixes);
            default -> builder.addIdentifier(subject, suffixes);
        }
        return builder.build();
    }

    private static void addUrl(ExpansionBuilder builder, Subject subject, SuffixList suffixes) {
        WebAddress address = WebAddress.of(subject.canonical());
        builder.addAddress(subject, address, suffixes);
        doiOf(address).ifPresent(doi -> {
            builder.addIdentifier(doi, suffixes);
            builder.sort();
        });
    }

    /** Returns the DOI that a link to the DOI resolver names. */
    static Optional<Subject> doiOf(WebAddress address) {
        int length = address.hostEnd() - address.hostStart();
        if (length != 7 && length != 10 && length != 11 && length != 14) {
            return Optional.empty();
        }
        String text = address.text();
        boolean isDoi = text.startsWith("/10.", address.hostEnd())
                || text.regionMatches(true, address.hostEnd(), "/doi:10.", 0, 8);
        return isDoi && UrlCanonicalizer.isDoiResolver(address.host())
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
     * All entries reach the asked subject, so a wider entry contains every narrower one, with these exceptions. A link
     * to the DOI resolver is reached by addresses and by identifiers, and the operator of the resolver does not control
     * the works to which DOIs lead. Nor does a platform control what its users publish on its hosts; an account, and the
     * own host of an account, do.
     */
    public boolean contains(int i, int j) {
        return i == j
                || (specificity(i) < specificity(j)
                        && isOfOneKind(i, j)
                        && (!isShared(i) || isShared(j))
                        && (!isOtherSpelling(j) || containsEverySpelling(i)));
    }

    private boolean isOfOneKind(int i, int j) {
        return scheme(i).isAddress() == scheme(j).isAddress()
                || (scheme(i) == SubjectScheme.ACCOUNT && scheme(j) == SubjectScheme.URL)
                || (scheme(j) == SubjectScheme.ACCOUNT && scheme(i).isAddress());
    }

    /**
     * Returns true if entry {@code i} is a site on which many people publish, and the asked subject is what one of them
     * published or may have published.
     */
    public boolean isShared(int i) {
        return switch (scheme(i)) {
            case DOMAIN -> starts[i] >= sharedFrom;
            case UNDER -> starts[i] + UrlCanonicalizer.PREFIX.length() >= sharedFrom;
            default -> false;
        };
    }

    /**
     * Returns true if entry {@code i} contains every spelling of the asked address. A directory of one host does not:
     * another spelling may have another host.
     */
    public boolean containsEverySpelling(int i) {
        return scheme(i) == SubjectScheme.DOMAIN && ends[i] - starts[i] <= plainHostLength && !isShared(i);
    }

    /**
     * Returns true if entry {@code i} is not the asked address, with or without its query, but the plain spelling of
     * it. Who declared that spelling, or another one that is stored under it, may have meant another host.
     */
    public boolean isOtherSpelling(int i) {
        int specificity = specificity(i);
        return scheme(i) == SubjectScheme.URL
                && (specificity == Specificity.EXACT - Specificity.OTHER_SPELLING
                        || specificity == Specificity.WITHOUT_QUERY - Specificity.OTHER_SPELLING);
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
