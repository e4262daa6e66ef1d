package org.askfirst.subject;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.askfirst.subject.internal.scheme.Containers;
import org.askfirst.subject.internal.scheme.SchemeRules;
import org.askfirst.subject.internal.scheme.Specificity;
import org.askfirst.subject.internal.web.PlainSpelling;
import org.askfirst.subject.internal.web.PlatformTable;
import org.askfirst.subject.internal.web.SuffixList;
import org.askfirst.subject.internal.web.UrlCanonicalizer;
import org.askfirst.subject.internal.web.WebAddress;

/** Collects the entries of one expansion and hashes each at once. Used by one thread, for one expansion. */
final class ExpansionBuilder implements Containers {
    private static final byte[] URL = "url:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UNDER = "under:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DOMAIN = "domain:".getBytes(StandardCharsets.US_ASCII);
    private static final int USUAL_SIZE = 12;

    private final Sha256 sha256 = Sha256.ofThread();
    private int size;
    private SubjectScheme[] schemes = new SubjectScheme[USUAL_SIZE];
    private int[] specificities = new int[USUAL_SIZE];
    private String[] sources = new String[USUAL_SIZE];
    private int[] starts = new int[USUAL_SIZE];
    private int[] ends = new int[USUAL_SIZE];
    private long[] words = new long[4 * USUAL_SIZE];
    private final PlatformTable platforms;
    private int plainHostLength;
    private int sharedFrom = Integer.MAX_VALUE;

    ExpansionBuilder(PlatformTable platforms) {
        this.platforms = platforms;
    }

    /** Adds an identifier and everything that contains it. */
    void addIdentifier(Subject subject, SuffixList suffixes) {
        SchemeRules rules = subject.scheme().rules();
        String value = subject.value();
        byte[] bytes = subject.canonical().getBytes(StandardCharsets.UTF_8);
        int specificity = rules.specificity(value, suffixes);
        add(subject.scheme(), specificity, value, 0, value.length(), bytes, 0, bytes.length);
        rules.containers(value, this);
    }

    @Override
    public void add(String scheme, int specificity, String source, int start, int end) {
        byte[] bytes = (scheme + ":" + source.substring(start, end)).getBytes(StandardCharsets.UTF_8);
        add(SubjectScheme.ofName(scheme), specificity, source, start, end, bytes, 0, bytes.length);
    }

    private void add(
            SubjectScheme scheme, int specificity, String source, int start, int end, byte[] bytes, int from, int to) {
        if (size == schemes.length) {
            grow();
        }
        schemes[size] = scheme;
        specificities[size] = specificity;
        sources[size] = source;
        starts[size] = start;
        ends[size] = end;
        sha256.write(bytes, from, to, words, 4 * size);
        size++;
    }

    private void grow() {
        int more = 2 * size;
        schemes = Arrays.copyOf(schemes, more);
        specificities = Arrays.copyOf(specificities, more);
        sources = Arrays.copyOf(sources, more);
        starts = Arrays.copyOf(starts, more);
        ends = Arrays.copyOf(ends, more);
        words = Arrays.copyOf(words, 4 * more);
    }

    /** Adds an address or a domain and everything that contains it, up to the registrable domain. */
    void addAddress(Subject subject, SuffixList suffixes) {
        if (subject.scheme() == SubjectScheme.DOMAIN) {
            addDomain(subject.canonical(), suffixes);
        } else {
            addAddress(subject, WebAddress.of(subject.canonical()), suffixes);
        }
    }

    /** Adds an address and everything that contains it. */
    void addAddress(Subject subject, WebAddress address, SuffixList suffixes) {
        // One buffer for all keys of an address: "under:https://host/path", with room for one more slash. The bytes
        // before a host suffix are overwritten with "domain:" from left to right, once they are not needed any longer.
        String text = address.text();
        int wireName = subject.scheme().wireName().length() + 1;
        int shift = UNDER.length - wireName;
        byte[] buffer = new byte[text.length() + shift + 1];
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(UNDER, 0, buffer, 0, UNDER.length);
        System.arraycopy(bytes, wireName, buffer, UNDER.length, bytes.length - wireName);
        if (subject.scheme() == SubjectScheme.URL) {
            addSpellings(address, bytes);
            addAccount(address);
        }
        addDirectories(address, buffer, wireName, shift);
        addHosts(address, buffer, shift, suffixes);
        if (subject.scheme() == SubjectScheme.UNDER) {
            addAccount(address);
        }
    }

    /** Adds the address and the address without its query, each followed by its plain spelling if that is another. */
    private void addSpellings(WebAddress address, byte[] bytes) {
        addUrl(Specificity.EXACT, address.text(), address.text().length(), bytes);
        String plain = PlainSpelling.of(address);
        plainHostLength = address.hostEnd() - address.plainHostStart();
        boolean isPlain = plain.equals(address.text());
        if (isPlain && !address.hasQuery()) {
            return;
        }
        int query = isPlain ? address.pathEnd() : plain.indexOf('?', address.hostStart());
        int plainPathEnd = query < 0 ? plain.length() : query;
        boolean isPlainPath = plainPathEnd == address.pathEnd();
        if (!isPlain && !(isPlainPath && plain.length() == plainPathEnd)) {
            addUrl(Specificity.EXACT - Specificity.OTHER_SPELLING, plain, plain.length(), latin1(plain));
        }
        if (address.hasQuery()) {
            addUrl(Specificity.WITHOUT_QUERY, address.text(), address.pathEnd(), bytes);
            if (!isPlainPath && plainPathEnd < plain.length()) {
                addUrl(Specificity.WITHOUT_QUERY - Specificity.OTHER_SPELLING, plain, plainPathEnd, latin1(plain));
            }
        }
    }

    /** Adds the account that the address carries, and remembers which of its hosts are shared with others. */
    private void addAccount(WebAddress address) {
        PlatformTable.Account account = platforms.find(address);
        if (account != null) {
            addAccount(account, address.text(), address.hostStart(), address.hostEnd());
        } else if (address.text().startsWith("under:")
                && platforms.isShared(address.text(), address.hostStart(), address.hostEnd())) {
            sharedFrom = address.hostStart();
        }
    }

    private void addAccount(PlatformTable.Account account, String text, int hostStart, int hostEnd) {
        add(
                SubjectScheme.ACCOUNT.wireName(),
                Specificity.ACCOUNT,
                account.value(),
                0,
                account.value().length());
        sharedFrom = account.hasOwnHost()
                ? text.indexOf('.', PlainSpelling.plainHost(text, hostStart, hostEnd)) + 1
                : hostStart;
    }

    private void addUrl(int specificity, String text, int end, byte[] bytes) {
        if (end < text.length() && UrlCanonicalizer.endsInWildcard(text, end)) {
            return;
        }
        add(SubjectScheme.URL, specificity, text, URL.length, end, bytes, 0, end);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void addDirectories(WebAddress address, byte[] buffer, int wireName, int shift) {
        String text = address.text();
        int depth = address.directories();
        int end = address.pathEnd();
        if (text.charAt(end - 1) != '/') {
            // The page itself, as a directory: a declaration of that directory also covers the page.
            if (depth < Subject.MAX_DIRECTORIES) {
                byte overwritten = buffer[end + shift];
                buffer[end + shift] = '/';
                String path = address.hasQuery() ? text.substring(0, end) : text;
                add(
                        SubjectScheme.UNDER,
                        Specificity.prefix(depth + 1),
                        path,
                        wireName,
                        end + 1,
                        buffer,
                        0,
                        end + shift + 1);
                buffer[end + shift] = overwritten;
            }
            end = text.lastIndexOf('/', end - 1) + 1;
        }
        boolean isDeclaredDeep = wireName == UNDER.length;
        while (end > address.hostEnd()) {
            if (depth <= Subject.MAX_DIRECTORIES || isDeclaredDeep) {
                add(SubjectScheme.UNDER, Specificity.prefix(depth), text, wireName, end, buffer, 0, end + shift);
            }
            isDeclaredDeep = false;
            depth--;
            end = text.lastIndexOf('/', end - 2) + 1;
        }
    }

    private void addHosts(WebAddress address, byte[] buffer, int shift, SuffixList suffixes) {
        int registrable = address.registrable(suffixes);
        if (registrable >= 0) {
            addHosts(address.text(), address.hostStart(), address.hostEnd(), registrable, buffer, shift, false);
        }
    }

    private void addDomain(String canonical, SuffixList suffixes) {
        int host = DOMAIN.length;
        int registrable = suffixes.registrable(canonical, host, canonical.length());
        byte[] buffer = canonical.getBytes(StandardCharsets.ISO_8859_1);
        addHosts(canonical, host, canonical.length(), registrable < 0 ? host : registrable, buffer, 0, true);
        PlatformTable.Account account = platforms.ofHost(canonical, host, canonical.length());
        if (account != null) {
            addAccount(account, canonical, host, canonical.length());
        } else if (platforms.isShared(canonical, host, canonical.length())) {
            sharedFrom = host;
        }
    }

    private void addHosts(
            String text, int hostStart, int hostEnd, int registrable, byte[] buffer, int shift, boolean withDeepest) {
        int labels = 0;
        for (int i = hostStart; i < registrable; i++) {
            labels += text.charAt(i) == '.' ? 1 : 0;
        }
        boolean isAsked = withDeepest;
        int start = hostStart;
        while (true) {
            if (labels <= Subject.MAX_SUBDOMAIN_LABELS || isAsked) {
                System.arraycopy(DOMAIN, 0, buffer, start + shift - DOMAIN.length, DOMAIN.length);
                add(
                        SubjectScheme.DOMAIN,
                        Specificity.domain(labels),
                        text,
                        start,
                        hostEnd,
                        buffer,
                        start + shift - DOMAIN.length,
                        hostEnd + shift);
            }
            if (start == registrable) {
                return;
            }
            isAsked = false;
            labels--;
            start = text.indexOf('.', start) + 1;
        }
    }

    /** Sorts the most specific first. The subject itself stays before equally specific ones. */
    void sort() {
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -specificities[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        ExpansionBuilder sorted = new ExpansionBuilder(platforms);
        for (int i : order) {
            sorted.add(schemes[i], specificities[i], sources[i], starts[i], ends[i], words, 4 * i);
        }
        size = sorted.size;
        schemes = sorted.schemes;
        specificities = sorted.specificities;
        sources = sorted.sources;
        starts = sorted.starts;
        ends = sorted.ends;
        words = sorted.words;
    }

    private void add(
            SubjectScheme scheme, int specificity, String source, int start, int end, long[] fromWords, int firstWord) {
        if (size == schemes.length) {
            grow();
        }
        schemes[size] = scheme;
        specificities[size] = specificity;
        sources[size] = source;
        starts[size] = start;
        ends[size] = end;
        System.arraycopy(fromWords, firstWord, words, 4 * size, 4);
        size++;
    }

    Expansion build() {
        return new Expansion(size, schemes, specificities, sources, starts, ends, words, plainHostLength, sharedFrom);
    }
}
