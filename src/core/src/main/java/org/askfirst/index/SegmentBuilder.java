package org.askfirst.index;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.askfirst.entry.Positions;
import org.askfirst.subject.Subject;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Contest;
import org.jspecify.annotations.Nullable;

/**
 * Builds a segment from postings in any order, in memory that does not grow with their number. It first writes them to
 * files by the first byte of their key, and then sorts each file. Used by one thread.
 */
public final class SegmentBuilder implements AutoCloseable {
    private static final int PARTS = 256;
    private static final int BUFFER = 1 << 15;
    private static final int MAX_IN_PART = 1 << 24;
    private static final int LONGS = 4 + Posting.LONGS_IN_FILE;

    private final Path target;
    private final Parts keys;
    private final Parts sitePrefilters;
    private final long[] scratch = new long[Posting.LONGS];
    private long lastPrefilter;
    private long prefilterCount;

    /** Creates a builder of that file. */
    public SegmentBuilder(Path target) {
        this.target = target;
        this.keys = new Parts(target, "keys");
        this.sitePrefilters = new Parts(target, "site-prefilters");
    }

    /** Temporary files, one for each first byte, created on first use. */
    private static final class Parts implements AutoCloseable {
        private final Path[] files = new Path[PARTS];
        private final @Nullable DataOutputStream[] open = new DataOutputStream[PARTS];

        Parts(Path target, String what) {
            for (int i = 0; i < PARTS; i++) {
                files[i] = target.resolveSibling(target.getFileName() + "-" + what + "-" + i + ".unfinished");
            }
        }

        /** Returns the output for that prefix. */
        DataOutputStream out(long prefix) throws IOException {
            int part = (int) (prefix >>> 56);
            DataOutputStream out = open[part];
            if (out == null) {
                out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(files[part]), BUFFER));
                open[part] = out;
            }
            return out;
        }

        /** Reads one part completely and deletes its file. */
        long[] take(int part) throws IOException {
            DataOutputStream out = open[part];
            if (out == null) {
                return new long[0];
            }
            out.close();
            open[part] = null;
            long[] longs = read(files[part]);
            Files.delete(files[part]);
            return longs;
        }

        @Override
        public void close() throws IOException {
            for (int i = 0; i < PARTS; i++) {
                DataOutputStream out = open[i];
                if (out != null) {
                    out.close();
                    Files.deleteIfExists(files[i]);
                }
            }
        }
    }

    /** Adds a statement about that subject, under all its keys. */
    public void addStatement(Subject subject, Posting posting) throws IOException {
        for (Subject as : subject.indexedAs()) {
            add(as.key(), as.equals(subject) ? posting : posting.underOtherSubject());
        }
        addSitePrefilter(subject);
    }

    /** Adds the listing of that subject by a repertoire, under all its keys. */
    public void addListing(Subject subject, Listing listing) throws IOException {
        for (Subject as : subject.indexedAs()) {
            new Listing(listing.repertoire(), listing.position(), !as.equals(subject)).write(scratch, 0);
            addScratch(as.key());
        }
        addSitePrefilter(subject);
    }

    /** Adds a contest of that subject, under all its keys. */
    public void addContest(Subject subject, Contest contest) throws IOException {
        Posting posting = Posting.of(contest);
        for (Subject as : subject.indexedAs()) {
            add(as.key(), as.equals(subject) ? posting : posting.underOtherSubject());
        }
    }

    private void addSitePrefilter(Subject subject) throws IOException {
        Optional<SubjectKey> prefilter = subject.storedSitePrefilter();
        if (prefilter.isPresent()) {
            addSitePrefilter(prefilter.get().prefix64());
        }
    }

    /** Adds a posting without a site prefilter: a proof of control, or the statement of a repertoire. */
    public void add(SubjectKey key, Posting posting) throws IOException {
        posting.write(scratch, 0);
        addScratch(key);
    }

    private void addScratch(SubjectKey key) throws IOException {
        DataOutputStream out = keys.out(key.prefix64());
        for (int i = 0; i < 4; i++) {
            out.writeLong(key.word(i));
        }
        for (int i = 0; i < Posting.LONGS_IN_FILE; i++) {
            out.writeLong(scratch[i]);
        }
    }

    private void addSitePrefilter(long prefix) throws IOException {
        // Subjects of one site often follow each other.
        if (prefilterCount == 0 || prefix != lastPrefilter) {
            sitePrefilters.out(prefix).writeLong(prefix);
            lastPrefilter = prefix;
            prefilterCount++;
        }
    }

    /**
     * Sorts all parts and writes the file.
     *
     * @param origin the ledger and the last entry that the segment includes
     * @param snapshot the states of parties and mandates as of that entry
     */
    public Segment finish(Origin origin, PartyRegisterSnapshot snapshot) throws IOException {
        try (SegmentWriter writer = new SegmentWriter(target)) {
            for (int part = 0; part < PARTS; part++) {
                write(keys.take(part), writer);
            }
            for (int part = 0; part < PARTS; part++) {
                long[] prefixes = sitePrefilters.take(part);
                // All prefixes of a part begin with the same bit, so signed and unsigned order are the same.
                Arrays.sort(prefixes);
                for (long prefix : prefixes) {
                    writer.addSitePrefilter(prefix);
                }
            }
            return writer.finish(origin, snapshot);
        }
    }

    private static long[] read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long[] longs = new long[Math.toIntExact(channel.size() / Long.BYTES)];
            if (longs.length > 0) {
                channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                        .asLongBuffer()
                        .get(longs);
            }
            return longs;
        }
    }

    private static void write(long[] longs, SegmentWriter writer) throws IOException {
        int[] order = order(longs);
        long[] postings = new long[Posting.LONGS];
        int from = 0;
        while (from < order.length) {
            int to = from + 1;
            while (to < order.length && KeyWords.compare(longs, order[from], longs, order[to]) == 0) {
                to++;
            }
            int count = 0;
            for (int i = from; i < to; i++) {
                if (!isRepeated(longs, order, from, i)) {
                    order[from + count++] = order[i];
                }
            }
            if (postings.length != count * Posting.LONGS) {
                postings = new long[count * Posting.LONGS];
            }
            for (int i = 0; i < count; i++) {
                int at = i * Posting.LONGS;
                System.arraycopy(longs, order[from + i] + 4, postings, at, Posting.LONGS_IN_FILE);
                postings[at + Posting.UNTIL] = Positions.NO_END;
            }
            writer.add(longs, order[from], postings);
            from = to;
        }
    }

    /**
     * Returns true if two subjects of one entry share the key, and this is the second. The one of which it is the own
     * key is before the other, because the flag of the other is greater.
     */
    private static boolean isRepeated(long[] longs, int[] order, int from, int i) {
        return i > from
                && Posting.position(longs[order[i] + 4 + Posting.WORD])
                        == Posting.position(longs[order[i - 1] + 4 + Posting.WORD]);
    }

    /** Returns the place of each posting, in the order of keys, and for one key in the order of positions. */
    private static int[] order(long[] longs) {
        int count = longs.length / LONGS;
        if (count > MAX_IN_PART) {
            throw new IllegalStateException("one part has more postings than the builder can sort");
        }
        // Sorts by forty bits of the key, with the place in the other 24 bits. The loop below orders equal ones.
        long[] sorted = new long[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = (longs[i * LONGS] << 8 >>> 24 << 24) | i;
        }
        for (int i = 0; i < count; i++) {
            sorted[i] ^= Long.MIN_VALUE;
        }
        Arrays.sort(sorted);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = (int) (sorted[i] & (MAX_IN_PART - 1)) * LONGS;
        }
        for (int i = 1; i < count; i++) {
            for (int j = i; j > 0 && compare(longs, order[j - 1], order[j]) > 0; j--) {
                int other = order[j - 1];
                order[j - 1] = order[j];
                order[j] = other;
            }
        }
        return order;
    }

    private static int compare(long[] longs, int one, int other) {
        int order = KeyWords.compare(longs, one, longs, other);
        return order == 0
                ? Long.compareUnsigned(longs[one + 4 + Posting.WORD], longs[other + 4 + Posting.WORD])
                : order;
    }

    /** Removes the remaining temporary files. */
    @Override
    public void close() throws IOException {
        keys.close();
        sitePrefilters.close();
    }
}
