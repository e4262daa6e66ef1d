package org.askfirst.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.askfirst.entry.Repertoire;
import org.askfirst.id.PartyId;
import org.askfirst.subject.Expansion;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Control;
import org.askfirst.verdict.ControlEvidence;
import org.askfirst.verdict.PartyRegister;
import org.askfirst.verdict.Statement;
import org.askfirst.verdict.StatementTerms;
import org.jspecify.annotations.Nullable;

/**
 * An index as it stood at one position, for as long as anybody holds it.
 *
 * <p>It answers exactly and completely for that position, to any number of threads, whatever is written meanwhile:
 * every posting says from which position until which it holds. What has ended before the oldest file was written is
 * not there, so a view answers for its own position and no earlier one.
 */
public final class IndexView {
    private static final long[] NONE = new long[0];

    /** How many subjects are looked for together, so that their waits for memory overlap. */
    private static final int TOGETHER = 64;

    private final long position;
    private final Delta live;
    private final @Nullable Delta frozen;
    private final List<Segment> segments;
    private final VersionedPartyRegister registers;
    private final PartyRegister speakers;

    /** What is newer hides what is older: first the live changes, then the frozen ones, then the segments in order. */
    IndexView(
            long position,
            Delta live,
            @Nullable Delta frozen,
            List<Segment> segments,
            VersionedPartyRegister registers) {
        this.position = position;
        this.live = live;
        this.frozen = frozen;
        this.segments = segments;
        this.registers = registers;
        this.speakers = registers.at(position);
    }

    /** A view of one file alone, as whoever downloaded it has it. */
    public static IndexView of(Segment segment) {
        return new IndexView(segment.origin().position(), new Delta(), null, List.of(segment), segment.registers());
    }

    /** Entries of the ledger up to and including it count. */
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

    VersionedPartyRegister registers() {
        return registers;
    }

    /** What is held of those who speak. */
    public PartyRegister speakers() {
        return speakers;
    }

    /** All that is held of them. */
    public PartyRegisterSnapshot held() {
        return registers.upTo(position);
    }

    /** How many keys stand in files, and have changed since. A key may be counted in several. */
    public long keys() {
        long keys = live.size();
        keys += frozen == null ? 0 : frozen.size();
        for (Segment segment : segments) {
            keys += segment.keys();
        }
        return keys;
    }

    /** How many bytes of files are mapped. */
    public long bytes() {
        long bytes = 0;
        for (Segment segment : segments) {
            bytes += segment.bytes();
        }
        return bytes;
    }

    /** Everything that reaches that subject, most specific first, and of one subject oldest first. */
    public List<Match> reaching(Subject asked) {
        return reaching(List.of(asked)).get(0);
    }

    /** The same for each of many subjects, in their order; cheaper than one by one. */
    public List<List<Match>> reaching(List<Subject> asked) {
        List<List<Match>> reaching = new ArrayList<>(asked.size());
        for (int from = 0; from < asked.size(); from += TOGETHER) {
            addReaching(asked.subList(from, Math.min(asked.size(), from + TOGETHER)), reaching);
        }
        return reaching;
    }

    private void addReaching(List<Subject> asked, List<List<Match>> reaching) {
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
        long[] @Nullable [] found = postings(words, count);
        at = 0;
        for (Expansion expansion : expansions) {
            if (expansion == null) {
                reaching.add(List.of());
            } else {
                int end = at + expansion.size();
                reaching.add(matches(expansion, Arrays.copyOfRange(found, at, end)));
                at = end;
            }
        }
    }

    /** Which of them anything can reach: all without a gate, and of the others those whose gate is there. */
    private boolean[] open(List<Subject> asked) {
        boolean[] open = new boolean[asked.size()];
        int[] gated = new int[open.length];
        long[] words = new long[open.length << 2];
        int count = 0;
        for (int i = 0; i < open.length; i++) {
            Optional<SubjectKey> gate = asked.get(i).gate();
            open[i] = gate.isEmpty();
            if (gate.isPresent()) {
                for (int word = 0; word < 4; word++) {
                    words[(count << 2) + word] = gate.get().word(word);
                }
                gated[count++] = i;
            }
        }
        long[] found = new long[count];
        for (Segment segment : segments) {
            segment.findGates(words, count, found);
            for (int i = 0; i < count; i++) {
                open[gated[i]] |= found[i] >= 0;
            }
        }
        for (int i = 0; i < count; i++) {
            open[gated[i]] |= hasGate(live, words, i << 2) || (frozen != null && hasGate(frozen, words, i << 2));
        }
        return open;
    }

    private static boolean hasGate(Delta delta, long[] words, int at) {
        return delta.hasGate(words[at], words[at + 1], words[at + 2], words[at + 3]);
    }

    private List<Match> matches(Expansion expansion, long[] @Nullable [] found) {
        List<Match> matches = new ArrayList<>();
        ControlEvidence evidence = ControlEvidence.over(expansion, (i, party) -> control(found[i], party));
        for (int i = 0; i < expansion.size(); i++) {
            long[] postings = found[i];
            for (int at = 0; postings != null && at < postings.length; at += Posting.LONGS) {
                if (!holds(postings, at, Posting.STATEMENT)) {
                    continue;
                }
                if (Posting.isListed(postings[at + Posting.WORD])) {
                    addListed(expansion, i, Posting.listing(postings, at), evidence, matches);
                } else {
                    StatementTerms said = Posting.said(postings, at);
                    boolean exact = (postings[at + Posting.WORD] & Posting.OTHER_SUBJECT) == 0;
                    matches.add(new Match(statement(expansion, i, said, evidence), expansion.canonical(i), exact));
                }
            }
        }
        return matches;
    }

    /** What is said of all that the repertoire lists; nothing once it is withdrawn. */
    private void addListed(Expansion expansion, int i, Listing listing, ControlEvidence evidence, List<Match> matches) {
        long[] said = postings(words(listing));
        for (int at = 0; at < said.length; at += Posting.LONGS) {
            if (holds(said, at, Posting.STATEMENT)) {
                StatementTerms here = Posting.said(said, at);
                matches.add(new Match(
                        statement(expansion, i, here.ofListed(listing.position()), evidence),
                        expansion.canonical(i),
                        !listing.otherSubject(),
                        here.position(),
                        listing.position()));
            }
        }
    }

    private static long[] words(Listing listing) {
        SubjectKey key = Repertoire.keyOf(listing.repertoire());
        return new long[] {key.word(0), key.word(1), key.word(2), key.word(3)};
    }

    /** For each key all that was ever kept there, as far as this index knows; null for nothing. */
    private long[] @Nullable [] postings(long[] words, int count) {
        long[] @Nullable [] found = new long[count][];
        for (int i = 0; i < count; i++) {
            int at = i << 2;
            found[i] = live.find(words[at], words[at + 1], words[at + 2], words[at + 3]);
            if (found[i] == null && frozen != null) {
                found[i] = frozen.find(words[at], words[at + 1], words[at + 2], words[at + 3]);
            }
        }
        long[] places = new long[count];
        for (Segment segment : segments) {
            segment.find(words, count, places);
            for (int i = 0; i < count; i++) {
                if (found[i] == null && places[i] >= 0) {
                    found[i] = segment.postings(places[i]);
                }
            }
        }
        return found;
    }

    /** All that was ever kept under that key, as far as this index knows. */
    long[] postings(long[] key) {
        long[] found = postings(key, 1)[0];
        return found == null ? NONE : found;
    }

    /**
     * Everything that stands under keys that begin with certain bits, in the order of keys.
     *
     * @param prefix of which so many bits count, the others are zero
     * @param bits 1 to 64
     */
    public SortedMap<SubjectKey, List<Posting>> range(long prefix, int bits) {
        long last = bits == Long.SIZE ? prefix : prefix | -1L >>> bits;
        SortedMap<SubjectKey, long[]> found = new TreeMap<>();
        addRange(live, prefix, last, found);
        if (frozen != null) {
            addRange(frozen, prefix, last, found);
        }
        for (Segment segment : segments) {
            long[] words = new long[4];
            for (long place = segment.ceiling(prefix); place < segment.keys(); place++) {
                segment.key(place, words);
                if (Long.compareUnsigned(words[0], last) > 0) {
                    break;
                }
                found.putIfAbsent(SubjectKey.of(words), segment.postings(place));
            }
        }
        SortedMap<SubjectKey, List<Posting>> standing = new TreeMap<>();
        found.forEach((key, postings) -> {
            List<Posting> here = new ArrayList<>();
            for (int at = 0; at < postings.length; at += Posting.LONGS) {
                if (!holds(postings, at, Posting.STATEMENT) && !holds(postings, at, Posting.PROOF)) {
                    continue;
                }
                if (Posting.isListed(postings[at + Posting.WORD])) {
                    addListed(Posting.listing(postings, at), here);
                } else {
                    here.add(Posting.read(postings, at, isErased(Posting.party(postings, at))));
                }
            }
            if (!here.isEmpty()) {
                standing.put(key, here);
            }
        });
        return standing;
    }

    private void addListed(Listing listing, List<Posting> here) {
        long[] said = postings(words(listing));
        for (int at = 0; at < said.length; at += Posting.LONGS) {
            if (holds(said, at, Posting.STATEMENT)) {
                here.add(Posting.read(said, at, isErased(Posting.party(said, at)))
                        .through(listing));
            }
        }
    }

    private static void addRange(Delta delta, long first, long last, SortedMap<SubjectKey, long[]> found) {
        Delta.Sorted changes = delta.sorted(first, last);
        long[] words = new long[4];
        for (int i = 0; i < changes.size(); i++) {
            changes.key(i, words);
            found.putIfAbsent(SubjectKey.of(words), changes.postings(i));
        }
    }

    boolean holds(long[] postings, int at, int kind) {
        long word = postings[at + Posting.WORD];
        return Posting.kind(word) == kind
                && Posting.position(word) <= position
                && postings[at + Posting.UNTIL] > position;
    }

    private Statement statement(Expansion expansion, int i, StatementTerms said, ControlEvidence evidence) {
        return Statement.of(
                said, expansion.scheme(i), expansion.specificity(i), speakers, party -> evidence.of(i, party));
    }

    /** Whether what names that party was erased. */
    public boolean isErased(PartyId party) {
        return registers.isErased(party, position);
    }

    /** How far the party was seen to control the subject with those postings. */
    private Control control(long @Nullable [] postings, PartyId party) {
        Control control = Control.NONE;
        if (postings == null) {
            return control;
        }
        long high = party.number().getMostSignificantBits();
        long low = party.number().getLeastSignificantBits();
        for (int at = 0; at < postings.length; at += Posting.LONGS) {
            if (postings[at + Posting.PARTY_HIGH] == high
                    && postings[at + Posting.PARTY_LOW] == low
                    && holds(postings, at, Posting.PROOF)) {
                control = control.stronger(Posting.control(postings[at + Posting.WORD]));
            }
        }
        return control;
    }
}
