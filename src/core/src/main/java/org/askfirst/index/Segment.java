package org.askfirst.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.UUID;
import java.util.stream.LongStream;
import org.askfirst.entry.Positions;
import org.askfirst.entry.Repertoire;
import org.askfirst.id.MandateId;
import org.askfirst.id.PartyId;
import org.askfirst.index.SegmentHeader.DamagedException;
import org.askfirst.index.SegmentHeader.Section;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.MandateTerm;
import org.askfirst.verdict.PartyState;
import org.jspecify.annotations.Nullable;

/**
 * An immutable file of everything that was in force at one position, sorted by key. It is mapped into memory, and any
 * number of threads may read it.
 *
 * <p>INVARIANT: no posting in a file has ended, and each key occurs once.
 */
public final class Segment {
    static final int RECORD_LONGS = 6;
    static final int RECORD_BYTES = RECORD_LONGS * Long.BYTES;

    /** The number of longs of a record that have the rest of its key; the party's two longs and the word follow. */
    static final int KEY_REST = 3;

    private final Path path;
    private final MappedFile file;
    private final SegmentHeader header;
    private final Prefixes keys;
    private final Prefixes sitePrefilters;
    private final long records;
    private final long elsewhere;
    private final FileTime writtenAt;

    private Segment(Path path, MappedFile file, SegmentHeader header, FileTime writtenAt) {
        this.path = path;
        this.writtenAt = writtenAt;
        this.file = file;
        this.header = header;
        this.keys = new Prefixes(file, header.start(Section.PREFIXES), header.start(Section.DIRECTORY), header.keys());
        this.sitePrefilters = new Prefixes(
                file,
                header.start(Section.SITE_PREFILTERS),
                header.start(Section.SITE_PREFILTER_DIRECTORY),
                header.sitePrefilters());
        this.records = header.start(Section.RECORDS);
        this.elsewhere = header.start(Section.ELSEWHERE);
    }

    /**
     * Maps a file after every byte of it was checked.
     *
     * @throws IOException if the file cannot be read, is damaged or cut short, has another version or is not a segment
     */
    public static Segment open(Path path) throws IOException {
        try {
            long length = Files.size(path);
            FileTime writtenAt = Files.getLastModifiedTime(path);
            MappedFile file = MappedFile.of(path);
            SegmentHeader header = SegmentHeader.parse(
                    length < SegmentHeader.BYTES ? new byte[0] : file.bytes(0, SegmentHeader.BYTES), length);
            for (Section section : Section.values()) {
                if (file.checksum(header.start(section), header.end(section))
                        != header.checksums().getOrDefault(section, 0)) {
                    throw new DamagedException("its section " + section + " is damaged");
                }
            }
            return new Segment(path, file, header, writtenAt);
        } catch (DamagedException damaged) {
            throw new IOException(path.getFileName() + " cannot be used: " + damaged.getMessage(), damaged);
        }
    }

    /** Returns the ledger to which the file belongs, and the last entry that it includes. */
    public Origin origin() {
        return header.origin();
    }

    /**
     * Returns true if the file is as long as when it was opened, and nobody has written to it since. The file is never
     * changed on purpose. Reading a place beyond the end of a file that was cut short is an {@link InternalError}, or
     * gives zeros, so whoever keeps a segment asks this regularly.
     */
    boolean isIntact() {
        try {
            return Files.size(path) == file.length()
                    && Files.getLastModifiedTime(path).equals(writtenAt);
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException unknown) {
            // For example, no file descriptor is left. That says nothing about the file.
            return true;
        }
    }

    /** Returns the number of keys. */
    public long keys() {
        return keys.count();
    }

    /** Returns the number of mapped bytes. */
    public long bytes() {
        return file.length();
    }

    Path path() {
        return path;
    }

    /**
     * Finds site prefilters by their first eight bytes. An absent one is found with a probability of one in billions.
     *
     * @param words four words of each site prefilter
     * @param places receives a negative number for each that is absent
     */
    void findSitePrefilters(long[] words, int count, long[] places) {
        int stage = Math.min(count, Prefixes.STAGE);
        long[] ends = new long[stage];
        long[] touched = new long[2 * stage];
        for (int from = 0; from < count; from += stage) {
            sitePrefilters.find(words, from, Math.min(count, from + stage), places, ends, touched);
        }
    }

    Prefixes sitePrefilters() {
        return sitePrefilters;
    }

    /** Returns the place of the key with those words; negative if it is absent. */
    public long find(long first, long second, long third, long fourth) {
        return find(keys.start(first), keys.end(first), new long[] {first, second, third, fourth}, 0);
    }

    /**
     * Finds many keys at once. It reads memory in stages, so that the waits overlap.
     *
     * @param words four words of each key
     * @param places receives the place of each key; negative if it is absent
     */
    public void find(long[] words, int count, long[] places) {
        int stage = Math.min(count, Prefixes.STAGE);
        long[] ends = new long[stage];
        long[] touched = new long[2 * stage];
        for (int from = 0; from < count; from += stage) {
            findStage(words, from, Math.min(count, from + stage), places, ends, touched);
        }
    }

    /** Searches the prefixes of all keys of a stage first, then the records of those that are present. */
    private void findStage(long[] words, int from, int to, long[] places, long[] ends, long[] touched) {
        keys.find(words, from, to, places, ends, touched);
        for (int i = from; i < to; i++) {
            touched[i - from] = places[i] < 0 ? 0 : file.longAt(records + places[i] * RECORD_BYTES);
        }
        for (int i = from; i < to; i++) {
            int at = i << 2;
            long place = places[i];
            if (place >= 0
                    && !(touched[i - from] == words[at + 1]
                            && isRest(place, words[at + 1], words[at + 2], words[at + 3]))) {
                // Two keys have the same first eight bytes.
                places[i] = find(place + 1, ends[i - from], words, at);
            }
        }
    }

    private long find(long from, long end, long[] words, int at) {
        for (long place = from; place < end; place++) {
            if (keys.at(place) == words[at] && isRest(place, words[at + 1], words[at + 2], words[at + 3])) {
                return place;
            }
        }
        return -1;
    }

    private boolean isRest(long place, long second, long third, long fourth) {
        long record = records + place * RECORD_BYTES;
        return file.longAt(record) == second && file.longAt(record + 8) == third && file.longAt(record + 16) == fourth;
    }

    /** Returns the postings at that place; an empty array if there are none. */
    long[] postings(long place) {
        long at = records + place * RECORD_BYTES + KEY_REST * Long.BYTES;
        long high = file.longAt(at);
        long low = file.longAt(at + 8);
        long word = file.longAt(at + 16);
        return switch (Posting.kind(word)) {
            case Posting.NOTHING -> new long[0];
            case Posting.ELSEWHERE -> elsewhere(high, (int) low);
            default -> new long[] {high, low, word, Long.MIN_VALUE, Long.MAX_VALUE, 0, 0, Positions.NO_END};
        };
    }

    private long[] elsewhere(long first, int count) {
        long[] postings = new long[count * Posting.LONGS];
        long from = elsewhere + first * Posting.LONGS_IN_FILE * Long.BYTES;
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < Posting.LONGS_IN_FILE; j++) {
                postings[i * Posting.LONGS + j] = file.longAt(from);
                from += Long.BYTES;
            }
            postings[i * Posting.LONGS + Posting.UNTIL] = Positions.NO_END;
        }
        return postings;
    }

    /** Copies the four words of the key at that place. */
    void key(long place, long[] words) {
        long record = records + place * RECORD_BYTES;
        words[0] = keys.at(place);
        words[1] = file.longAt(record);
        words[2] = file.longAt(record + 8);
        words[3] = file.longAt(record + 16);
    }

    /** Returns the first place whose key begins with that prefix or a greater one. */
    long ceiling(long prefix) {
        return keys.ceiling(prefix);
    }

    /**
     * Returns all postings with their keys, read as they are asked for. They are in the order of the first eight bytes of
     * the key as a signed number, as SQL sorts them, and then of the other bytes. A listing of a withdrawn repertoire is
     * left out: it has no effect.
     */
    public Iterator<PostingRow> rows() {
        return new Rows();
    }

    /** Walks over the keys from the one with the first bit set to the last, and then from the first. */
    private final class Rows implements Iterator<PostingRow> {
        private final long middle = keys() == 0 ? 0 : ceiling(Long.MIN_VALUE);
        private final Deque<PostingRow> ready = new ArrayDeque<>();
        private long done;

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && done < keys()) {
                addRows((middle + done) % keys());
                done++;
            }
            return !ready.isEmpty();
        }

        @Override
        public PostingRow next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.removeFirst();
        }

        private void addRows(long place) {
            long[] words = new long[4];
            key(place, words);
            SubjectKey key = SubjectKey.of(words);
            long[] postings = postings(place);
            for (int at = 0; at < postings.length; at += Posting.LONGS) {
                if (Posting.isListed(postings[at + Posting.WORD])) {
                    addListed(key, Posting.listing(postings, at));
                } else {
                    ready.add(new PostingRow(key, Posting.read(postings, at), 0));
                }
            }
        }

        private void addListed(SubjectKey key, Listing listing) {
            SubjectKey own = Repertoire.keyOf(listing.repertoire());
            long place = find(own.word(0), own.word(1), own.word(2), own.word(3));
            long[] statements = place < 0 ? new long[0] : postings(place);
            for (int at = 0; at < statements.length; at += Posting.LONGS) {
                if (Posting.kind(statements[at + Posting.WORD]) == Posting.STATEMENT) {
                    ready.add(new PostingRow(key, Posting.read(statements, at).beside(listing), listing.position()));
                }
            }
        }
    }

    /** Returns the first eight bytes of all site prefilters, sorted as unsigned numbers. */
    public LongStream sitePrefilterPrefixes() {
        return LongStream.range(0, sitePrefilters.count()).map(sitePrefilters::at);
    }

    /**
     * Returns the first eight bytes of each key under which something is in force, and of each site prefilter, in the
     * order of unsigned numbers, each once.
     */
    public PrimitiveIterator.OfLong hashes() {
        return new PrimitiveIterator.OfLong() {
            private long key = notEmpty(0);
            private long prefilter;

            @Override
            public boolean hasNext() {
                return key < keys.count() || prefilter < sitePrefilters.count();
            }

            @Override
            public long nextLong() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                boolean isKey = prefilter == sitePrefilters.count()
                        || (key < keys.count()
                                && Long.compareUnsigned(keys.at(key), sitePrefilters.at(prefilter)) <= 0);
                long next = isKey ? keys.at(key) : sitePrefilters.at(prefilter);
                while (prefilter < sitePrefilters.count() && sitePrefilters.at(prefilter) == next) {
                    prefilter++;
                }
                while (key < keys.count() && keys.at(key) == next) {
                    key = notEmpty(key + 1);
                }
                return next;
            }
        };
    }

    /** Returns the first place from that one on whose record is not empty. */
    private long notEmpty(long from) {
        long place = from;
        while (place < keys.count()
                && Posting.kind(file.longAt(records + (place + 1) * RECORD_BYTES - Long.BYTES)) == Posting.NOTHING) {
            place++;
        }
        return place;
    }

    /** Returns the states of parties and mandates. */
    VersionedPartyRegister partyRegister() {
        Map<PartyId, Long> erasures = new HashMap<>();
        long at = header.start(Section.ERASURES);
        for (long i = 0; i < header.erasures(); i++, at += 3 * Long.BYTES) {
            erasures.put(new PartyId(number(at)), file.longAt(at + 16));
        }
        Map<PartyId, PartyState> states = new HashMap<>();
        at = header.start(Section.STATES);
        while (at < header.end(Section.STATES)) {
            PartyId party = new PartyId(number(at));
            long word = file.longAt(at + 16);
            at += 3 * Long.BYTES;
            List<PartyId> bodies = new ArrayList<>();
            for (int i = 0; i < PartyRegisterCodec.bodies(word); i++, at += 2 * Long.BYTES) {
                bodies.add(new PartyId(number(at)));
            }
            states.put(party, PartyRegisterCodec.state(word, bodies));
        }
        Map<MandateId, MandateTerm> terms = new HashMap<>();
        at = header.start(Section.TERMS);
        for (long i = 0; i < header.terms(); i++, at += PartyRegisterCodec.TERM_LONGS * Long.BYTES) {
            UUID member = number(at + 32);
            terms.put(
                    new MandateId(number(at)),
                    new MandateTerm(
                            new PartyId(number(at + 16)),
                            member.equals(PartyRegisterCodec.NOBODY) ? null : new PartyId(member),
                            Posting.period(file.longAt(at + 48), file.longAt(at + 56))));
        }
        return VersionedPartyRegister.of(new PartyRegisterSnapshot(erasures, states, terms), origin().position());
    }

    private UUID number(long at) {
        return new UUID(file.longAt(at), file.longAt(at + 8));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return path.getFileName() + " with " + keys() + " keys at position " + origin().position();
    }
}
