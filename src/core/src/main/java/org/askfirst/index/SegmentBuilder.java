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
import org.jspecify.annotations.Nullable;

/**
 * Makes a segment of postings that come in any order, in memory that does not grow with their number: they are put
 * into files by the first byte of their key, and each of these is sorted by itself. Used by one thread.
 */
public final class SegmentBuilder implements AutoCloseable {
    private static final int PARTS = 256;
    private static final int BUFFER = 1 << 15;
    private static final int MAX_IN_PART = 1 << 24;
    private static final int LONGS = 4 + Posting.LONGS_IN_FILE;

    private final Path target;
    private final Parts keys;
    private final Parts gates;
    private final long[] scratch = new long[Posting.LONGS];
    private long lastGate;
    private long gateCount;

    /** A builder of that file. */
    public SegmentBuilder(Path target) {
        this.target = target;
        this.keys = new Parts(target, "keys");
        this.gates = new Parts(target, "gates");
    }

    /** Temporary files, one for each first byte; made when they are needed. */
    private static final class Parts implements AutoCloseable {
        private final Path[] files = new Path[PARTS];
        private final @Nullable DataOutputStream[] open = new DataOutputStream[PARTS];

        Parts(Path target, String what) {
            for (int i = 0; i < PARTS; i++) {
                files[i] = target.resolveSibling(target.getFileName() + "-" + what + "-" + i + ".unfinished");
            }
        }

        /** Where what begins so goes. */
        DataOutputStream out(long prefix) throws IOException {
            int part = (int) (prefix >>> 56);
            DataOutputStream out = open[part];
            if (out == null) {
                out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(files[part]), BUFFER));
                open[part] = out;
            }
            return out;
        }

        /** Everything of one part, which is removed. */
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

    /**
     * A statement.
     *
     * @param key that it is kept under
     * @param subject that was declared
     */
    public void add(SubjectKey key, Subject subject, Posting posting) throws IOException {
        add(key, posting);
        addGate(subject);
    }

    /**
     * That a repertoire lists a subject.
     *
     * @param key that it is kept under
     * @param subject that is listed
     */
    public void add(SubjectKey key, Subject subject, Listing listing) throws IOException {
        listing.write(scratch, 0);
        addScratch(key);
        addGate(subject);
    }

    private void addGate(Subject subject) throws IOException {
        Optional<SubjectKey> gate = subject.gate();
        if (gate.isPresent()) {
            addGate(gate.get().prefix64());
        }
    }

    /** A posting that needs no gate: a proof of control, or what a repertoire says. */
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

    private void addGate(long prefix) throws IOException {
        // Subjects of one site often come together.
        if (gateCount == 0 || prefix != lastGate) {
            gates.out(prefix).writeLong(prefix);
            lastGate = prefix;
            gateCount++;
        }
    }

    /** Sorts and writes the file. */
    public Segment finish(Origin origin, PartyRegisterSnapshot held) throws IOException {
        try (SegmentWriter writer = new SegmentWriter(target)) {
            for (int part = 0; part < PARTS; part++) {
                write(keys.take(part), writer);
            }
            for (int part = 0; part < PARTS; part++) {
                long[] prefixes = gates.take(part);
                // All of one part begin with the same bit, so that they sort alike with their sign and without.
                Arrays.sort(prefixes);
                for (long prefix : prefixes) {
                    writer.addGate(prefix);
                }
            }
            return writer.finish(origin, held);
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
            if (postings.length != (to - from) * Posting.LONGS) {
                postings = new long[(to - from) * Posting.LONGS];
            }
            for (int i = from; i < to; i++) {
                int at = (i - from) * Posting.LONGS;
                System.arraycopy(longs, order[i] + 4, postings, at, Posting.LONGS_IN_FILE);
                postings[at + Posting.UNTIL] = Positions.NO_END;
            }
            writer.add(longs, order[from], postings);
            from = to;
        }
    }

    /** Where each entry begins, in the order of keys, and under one key in the order of positions. */
    private static int[] order(long[] longs) {
        int count = longs.length / LONGS;
        if (count > MAX_IN_PART) {
            throw new IllegalStateException("more keys than one file is made for");
        }
        // By forty bits of the key, with the place in the other twenty-four; what is still equal is put right after.
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

    /** Removes what is left of its temporary files. */
    @Override
    public void close() throws IOException {
        keys.close();
        gates.close();
    }
}
