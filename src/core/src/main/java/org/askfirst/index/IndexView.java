package org.askfirst.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.askfirst.entry.Repertoire;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.PublicSuffixes;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.subject.SubjectScheme;
import org.askfirst.verdict.ContactCheck;
import org.askfirst.verdict.Contests;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.ControlEvidence;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.StatementTerms;
import org.jspecify.annotations.Nullable;

/**
 * An index as of one position. It stays valid as long as somebody refers to it.
 *
 * <p>It answers exactly and completely for that position, to any number of threads, whatever is written meanwhile. Each
 * posting has the positions from which and before which it is in force. Postings that ended before the oldest file was
 * written are missing, so a view cannot answer for a position before its own.
 */
public final class IndexView {
    private static final long[] NONE = new long[0];

    /** The number of subjects that are searched for together, so that their waits for memory overlap. */
    private static final int TOGETHER = 64;

    private final long position;
    private final Delta live;
    private final @Nullable Delta frozen;
    private final List<Segment> segments;
    private final VersionedPartyRegister partyRegister;
    private final PartyRegister parties;

    /**
     * False if there are no site prefilters, or if a file was made with another public suffix list, so that its site
     * prefilters may be others.
     */
    private final boolean prefiltered;

    /**
     * Creates a view. Newer parts hide older ones: first the live changes, then the frozen ones, then the segments in
     * order.
     */
    IndexView(
            long position,
            Delta live,
            @Nullable Delta frozen,
            List<Segment> segments,
            VersionedPartyRegister partyRegister) {
        this(position, live, frozen, segments, partyRegister, areBySuffixesHere(segments));
    }

    private IndexView(
            long position,
            Delta live,
            @Nullable Delta frozen,
            List<Segment> segments,
            VersionedPartyRegister partyRegister,
            boolean prefiltered) {
        this.position = position;
        this.live = live;
        this.frozen = frozen;
        this.segments = segments;
        this.partyRegister = partyRegister;
        this.parties = partyRegister.at(position);
        this.prefiltered = prefiltered;
    }

    private static boolean areBySuffixesHere(List<Segment> segments) {
        boolean same = true;
        for (Segment segment : segments) {
            same &= segment.origin().suffixes().equals(PublicSuffixes.bundled().version());
        }
        return same;
    }

    /** Returns a view of a single file, such as a downloaded one. */
    public static IndexView of(Segment segment) {
        return of(List.of(segment));
    }

    /**
     * Returns a view of a complete file and files of later changes.
     *
     * @param segments the files, newest first; each file of changes begins where the next one ends
     */
    public static IndexView of(List<Segment> segments) {
        Segment newest = segments.get(0);
        return new IndexView(
                newest.origin().position(), new Delta(), null, List.copyOf(segments), newest.partyRegister());
    }

    /**
     * Returns a view without postings, to which {@link #with} gives those that another engine has found.
     *
     * @param register the states of parties and mandates as of that position
     */
    public static IndexView of(long position, PartyRegisterSnapshot register) {
        return new IndexView(
                position, new Delta(), null, List.of(), VersionedPartyRegister.of(register, position), false);
    }

    /**
     * Returns a view of exactly these rows, with this view's position and states. It answers about a subject if the rows
     * have everything that a {@linkplain Segment#rows segment} has under the keys of the subject's expansion.
     *
     * @param rows the rows in any order; a repeated row counts once
     */
    public IndexView with(Iterable<PostingRow> rows) {
        Delta found = new Delta();
        PostingRow.byKey(rows)
                .forEach((key, postings) -> found.put(key.word(0), key.word(1), key.word(2), key.word(3), postings));
        return new IndexView(position, found, null, List.of(), partyRegister, false);
    }

    /** Returns the position of the last entry that the view includes. */
    public long position() {
        return position;
    }

    Delta live() {
        return live;
    }

    @Nullable Delta frozen() {
        return frozen;
    }

    List<Segment> segments() {
        return segments;
    }

    VersionedPartyRegister partyRegister() {
        return partyRegister;
    }

    /** Returns the states of parties and mandates as of the view's position. */
    public PartyRegister parties() {
        return parties;
    }

    /** Returns a copy of all states of parties and mandates as of the view's position. */
    public PartyRegisterSnapshot partySnapshot() {
        return partyRegister.upTo(position);
    }

    /**
     * Returns the number of keys in files plus the number of keys that have changed since. A key may be counted several
     * times.
     */
    public long keys() {
        long keys = live.size();
        keys += frozen == null ? 0 : frozen.size();
        for (Segment segment : segments) {
            keys += segment.keys();
        }
        return keys;
    }

    /**
     * Returns true if each file is as long as when it was opened, and nobody has written to it since. Whoever keeps a view
     * of files that others may touch asks this regularly.
     */
    public boolean isIntact() {
        for (Segment segment : segments) {
            if (!segment.isIntact()) {
                return false;
            }
        }
        return true;
    }

    /** Returns the number of bytes of mapped files. */
    public long bytes() {
        long bytes = 0;
        for (Segment segment : segments) {
            bytes += segment.bytes();
        }
        return bytes;
    }

    /** Returns everything that reaches that subject: the most specific first, and for one subject the oldest first. */
    public List<Match> reaching(Subject asked) {
        return reaching(List.of(asked)).get(0);
    }

    /** Returns the same for each of many subjects, in their order. This is cheaper than one call for each. */
    public List<List<Match>> reaching(List<Subject> asked) {
        return reaching(asked, AskerGrants.NONE);
    }

    /**
     * Returns the same for an asker with grants.
     *
     * @param grants the grants of the asker, which must be complete up to the view's position
     */
    public List<List<Match>> reaching(List<Subject> asked, AskerGrants grants) {
        List<List<Match>> reaching = new ArrayList<>(asked.size());
        for (int from = 0; from < asked.size(); from += TOGETHER) {
            addMatches(asked.subList(from, Math.min(asked.size(), from + TOGETHER)), grants, reaching);
        }
        return reaching;
    }

    private void addMatches(List<Subject> asked, AskerGrants grants, List<List<Match>> reaching) {
        boolean[] open = open(asked);
        @Nullable Expansion[] expansions = new Expansion[open.length];
        int count = 0;
        for (int i = 0; i < open.length; i++) {
            if (open[i]) {
                Expansion expansion = asked.get(i).expand();
                expansions[i] = expansion;
                count += expansion.size();
            }
        }
        long[] words = new long[count << 2];
        int at = 0;
        for (Expansion expansion : expansions) {
            if (expansion != null) {
                expansion.copyWords(words, at << 2);
                at += expansion.size();
            }
        }
        long[] @Nullable [] postingsByKey = postings(words, count);
        at = 0;
        for (Expansion expansion : expansions) {
            if (expansion == null) {
                reaching.add(List.of());
            } else {
                int end = at + expansion.size();
                List<Match> matches = matches(expansion, Arrays.copyOfRange(postingsByKey, at, end));
                reaching.add(grants.attach(expansion, matches, position));
                at = end;
            }
        }
    }

    /**
     * Returns true for each subject that anything can reach: for those without a site prefilter, and for those whose
     * site prefilter is present.
     */
    private boolean[] open(List<Subject> asked) {
        boolean[] open = new boolean[asked.size()];
        if (!prefiltered) {
            Arrays.fill(open, true);
            return open;
        }
        int[] filtered = new int[open.length];
        long[] words = new long[open.length << 2];
        int count = 0;
        for (int i = 0; i < open.length; i++) {
            Optional<SubjectKey> prefilter = asked.get(i).sitePrefilter();
            open[i] = prefilter.isEmpty();
            if (prefilter.isPresent()) {
                for (int word = 0; word < 4; word++) {
                    words[(count << 2) + word] = prefilter.get().word(word);
                }
                filtered[count++] = i;
            }
        }
        long[] places = new long[count];
        for (Segment segment : segments) {
            segment.findSitePrefilters(words, count, places);
            for (int i = 0; i < count; i++) {
                open[filtered[i]] |= places[i] >= 0;
            }
        }
        for (int i = 0; i < count; i++) {
            open[filtered[i]] |= hasSitePrefilter(live, words, i << 2)
                    || (frozen != null && hasSitePrefilter(frozen, words, i << 2));
        }
        return open;
    }

    private static boolean hasSitePrefilter(Delta delta, long[] words, int at) {
        return delta.hasSitePrefilter(words[at], words[at + 1], words[at + 2], words[at + 3]);
    }

    private List<Match> matches(Expansion expansion, long[] @Nullable [] postingsByKey) {
        List<Match> matches = new ArrayList<>();
        ControlEvidence evidence =
                ControlEvidence.over(expansion, (i, party) -> control(expansion.scheme(i), postingsByKey[i], party));
        Contests contests = new Contests(expansion, evidence, parties);
        Iterator<ListedTerms> listed =
                listed(expansion, postingsByKey, evidence, contests).iterator();
        for (int i = 0; i < expansion.size(); i++) {
            long[] postings = postingsByKey[i];
            for (int at = 0; postings != null && at < postings.length; at += Posting.LONGS) {
                if (!isInForce(postings, at, Posting.STATEMENT)) {
                    continue;
                }
                if (Posting.isListed(postings[at + Posting.WORD])) {
                    addListed(expansion, i, listed.next(), evidence, contests, matches);
                } else {
                    StatementTerms terms = Posting.terms(postings, at);
                    boolean otherSubject = (postings[at + Posting.WORD] & Posting.OTHER_SUBJECT) != 0;
                    Match.add(
                            new Match(
                                    statement(expansion, i, otherSubject, terms, evidence, contests),
                                    expansion.canonical(i),
                                    !otherSubject,
                                    Match.work(expansion, i, otherSubject)),
                            matches);
                }
            }
        }
        return matches;
    }

    /** A listing, and the terms of its repertoire; none if the repertoire is withdrawn. */
    private record ListedTerms(Listing listing, List<StatementTerms> terms) {}

    /**
     * Returns the listings in force under all keys, in order. Adds to the evidence what they prove, and the contests in
     * force to {@code contests}.
     */
    private List<ListedTerms> listed(
            Expansion expansion, long[] @Nullable [] postingsByKey, ControlEvidence evidence, Contests contests) {
        List<ListedTerms> listed = List.of();
        for (int i = 0; i < expansion.size(); i++) {
            long[] postings = postingsByKey[i];
            for (int at = 0; postings != null && at < postings.length; at += Posting.LONGS) {
                long word = postings[at + Posting.WORD];
                if (Posting.isContest(word)) {
                    if (isInForce(postings, at, Posting.PROOF)) {
                        contests.add(i, (word & Posting.OTHER_SUBJECT) != 0, Posting.contest(postings, at));
                    }
                } else if (Posting.isListed(word) && isInForce(postings, at, Posting.STATEMENT)) {
                    if (listed.isEmpty()) {
                        listed = new ArrayList<>();
                    }
                    ListedTerms here = terms(Posting.listing(postings, at));
                    listed.add(here);
                    if (!here.listing.otherSubject()) {
                        for (StatementTerms repertoire : here.terms) {
                            evidence.addListing(i, repertoire, parties);
                        }
                    }
                }
            }
        }
        return listed;
    }

    private ListedTerms terms(Listing listing) {
        List<StatementTerms> terms = new ArrayList<>(1);
        long[] statements = postings(words(listing));
        for (int at = 0; at < statements.length; at += Posting.LONGS) {
            if (isInForce(statements, at, Posting.STATEMENT)) {
                terms.add(Posting.terms(statements, at));
            }
        }
        return new ListedTerms(listing, terms);
    }

    /** Adds the statement of a repertoire that lists the subject; nothing if the repertoire is withdrawn. */
    private void addListed(
            Expansion expansion,
            int i,
            ListedTerms listed,
            ControlEvidence evidence,
            Contests contests,
            List<Match> matches) {
        Listing listing = listed.listing;
        for (StatementTerms here : listed.terms) {
            Match.add(
                    new Match(
                            statement(
                                    expansion,
                                    i,
                                    listing.otherSubject(),
                                    here.ofListed(listing.position()),
                                    evidence,
                                    contests),
                            expansion.canonical(i),
                            !listing.otherSubject(),
                            here.position(),
                            listing.position(),
                            Match.work(expansion, i, listing.otherSubject())),
                    matches);
        }
    }

    private static long[] words(Listing listing) {
        SubjectKey key = Repertoire.keyOf(listing.repertoire());
        return new long[] {key.word(0), key.word(1), key.word(2), key.word(3)};
    }

    /** Returns all known postings of each key, also ended ones; null for a key without any. */
    private long[] @Nullable [] postings(long[] words, int count) {
        long[] @Nullable [] postingsByKey = new long[count][];
        for (int i = 0; i < count; i++) {
            int at = i << 2;
            postingsByKey[i] = live.find(words[at], words[at + 1], words[at + 2], words[at + 3]);
            if (postingsByKey[i] == null && frozen != null) {
                postingsByKey[i] = frozen.find(words[at], words[at + 1], words[at + 2], words[at + 3]);
            }
        }
        long[] places = new long[count];
        for (Segment segment : segments) {
            segment.find(words, count, places);
            for (int i = 0; i < count; i++) {
                if (postingsByKey[i] == null && places[i] >= 0) {
                    postingsByKey[i] = segment.postings(places[i]);
                }
            }
        }
        return postingsByKey;
    }

    /** Returns all known postings of that key, also ended ones. */
    long[] postings(long[] key) {
        long[] postings = postings(key, 1)[0];
        return postings == null ? NONE : postings;
    }

    /**
     * Returns everything in force under the keys that begin with certain bits, in the order of keys.
     *
     * @param prefix the bits, followed by zeros
     * @param bits the number of bits that count, 1 to 64
     */
    public SortedMap<SubjectKey, List<Posting>> range(long prefix, int bits) {
        long last = bits == Long.SIZE ? prefix : prefix | -1L >>> bits;
        SortedMap<SubjectKey, long[]> postingsByKey = new TreeMap<>();
        addRange(live, prefix, last, postingsByKey);
        if (frozen != null) {
            addRange(frozen, prefix, last, postingsByKey);
        }
        for (Segment segment : segments) {
            long[] words = new long[4];
            for (long place = segment.ceiling(prefix); place < segment.keys(); place++) {
                segment.key(place, words);
                if (Long.compareUnsigned(words[0], last) > 0) {
                    break;
                }
                postingsByKey.putIfAbsent(SubjectKey.of(words), segment.postings(place));
            }
        }
        SortedMap<SubjectKey, List<Posting>> inForce = new TreeMap<>();
        postingsByKey.forEach((key, postings) -> {
            List<Posting> here = new ArrayList<>();
            for (int at = 0; at < postings.length; at += Posting.LONGS) {
                if (!isInForce(postings, at, Posting.STATEMENT) && !isInForce(postings, at, Posting.PROOF)) {
                    continue;
                }
                if (Posting.isListed(postings[at + Posting.WORD])) {
                    addListed(Posting.listing(postings, at), here);
                } else {
                    here.add(Posting.read(postings, at));
                }
            }
            if (!here.isEmpty()) {
                inForce.put(key, here);
            }
        });
        return inForce;
    }

    private void addListed(Listing listing, List<Posting> here) {
        long[] statements = postings(words(listing));
        for (int at = 0; at < statements.length; at += Posting.LONGS) {
            if (isInForce(statements, at, Posting.STATEMENT)) {
                here.add(Posting.read(statements, at).listedBy(listing));
            }
        }
    }

    private static void addRange(Delta delta, long first, long last, SortedMap<SubjectKey, long[]> postingsByKey) {
        Delta.Sorted changes = delta.sorted(first, last);
        long[] words = new long[4];
        for (int i = 0; i < changes.size(); i++) {
            changes.key(i, words);
            postingsByKey.putIfAbsent(SubjectKey.of(words), changes.postings(i));
        }
    }

    boolean isInForce(long[] postings, int at, int kind) {
        long word = postings[at + Posting.WORD];
        return Posting.kind(word) == kind
                && Posting.position(word) <= position
                && postings[at + Posting.UNTIL] > position;
    }

    private Statement statement(
            Expansion expansion,
            int i,
            boolean otherSubject,
            StatementTerms terms,
            ControlEvidence evidence,
            Contests contests) {
        return Statement.of(terms, expansion, i, otherSubject, parties, evidence, contests);
    }

    /**
     * Returns the position at which the party last changed its name and contact; 0 if it never did. After the index was
     * read from a file, it may be the position of the file instead.
     */
    public long describedAt(PartyId party) {
        return partyRegister.describedAt(party, position);
    }

    /** Returns the answer of the mailbox that is the contact of the party. */
    public ContactCheck contactCheck(PartyId party) {
        return parties.state(party).contactCheck();
    }

    /** Returns true if the personal data of that party was erased. */
    public boolean isErased(PartyId party) {
        return partyRegister.isErased(party, position);
    }

    /**
     * Returns true if the party has proved control of the domain of that contact: of the host of its mail address, or of
     * the address of its page. Then nobody else receives what is sent there. The word of a body is no such proof.
     *
     * @param contact a {@code mailto:}, {@code https:} or {@code tel:} URI
     */
    public boolean isVerified(String contact, PartyId party) {
        Optional<Subject> place = Subject.ofContact(contact);
        if (place.isEmpty()) {
            return false;
        }
        Expansion expansion = place.get().expand();
        long[] words = new long[expansion.size() << 2];
        expansion.copyWords(words, 0);
        long[] @Nullable [] postings = postings(words, expansion.size());
        ControlEvidence evidence = ControlEvidence.over(
                expansion, (i, claimant) -> control(expansion.scheme(i), postings[i], claimant, false));
        return evidence.of(0, party) == Control.PROVED;
    }

    /** Returns the evidence in those postings that the party controls the subject, which is of that scheme. */
    private Control control(SubjectScheme scheme, long @Nullable [] postings, PartyId party) {
        return control(scheme, postings, party, true);
    }

    /** Returns the same, without proofs on the word of a body if {@code onWord} is false. */
    private Control control(SubjectScheme scheme, long @Nullable [] postings, PartyId party, boolean onWord) {
        Control control = Control.NONE;
        if (postings == null) {
            return control;
        }
        long high = party.number().getMostSignificantBits();
        long low = party.number().getLeastSignificantBits();
        for (int at = 0; at < postings.length; at += Posting.LONGS) {
            if (postings[at + Posting.PARTY_HIGH] == high
                    && postings[at + Posting.PARTY_LOW] == low
                    && isInForce(postings, at, Posting.PROOF)
                    && !Posting.isContest(postings[at + Posting.WORD])) {
                Control proof = Posting.control(postings[at + Posting.WORD]);
                PartyId body = Posting.body(postings, at);
                if (body == null || onWord) {
                    control = control.stronger(proof.onWordOf(body, scheme, parties));
                }
            }
        }
        return control;
    }
}
