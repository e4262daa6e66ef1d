package org.askfirst.filter;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.PrimitiveIterator;
import java.util.function.Supplier;

/**
 * A binary fuse filter with fingerprints of 16 bits (Graf and Lemire, 2022). It contains every number of its set, and
 * one of 65,536 others. Its bytes, and the order in which it is built, are those of {@code binary_fuse16} in the C
 * library {@code FastFilter/xor_singleheader}, so both give the same file for the same numbers.
 *
 * <p>A number has a slot in each of three consecutive segments of the array, and a fingerprint. The fingerprint is the
 * exclusive or of the three slots.
 */
final class BinaryFuse {
    /** The number of bytes before the fingerprints. */
    static final int HEADER_BYTES = 28;

    /** The greatest number of hashes. Its array still has a length that Java can index. */
    static final int MOST = 1_500_000_000;

    private static final int GREATEST_SEGMENT = 1 << 18;
    private static final int TRIES = 100;
    private static final long FIRST_SEED = 0x726b2b9d438b9d4dL;
    private static final int ARITY = 3;
    private static final int BUFFER = 1 << 16;

    // A slot's count has the number of its hashes times four, and in two bits the exclusive or of their indexes.
    private static final int ONE = 4;
    private static final int INDEX = 3;

    private final int size;
    private final int segmentLength;
    private final int segmentCount;
    private final short[] fingerprints;
    private long seed;

    private BinaryFuse(int size, int segmentLength, int segmentCount) {
        this.size = size;
        this.segmentLength = segmentLength;
        this.segmentCount = segmentCount;
        this.fingerprints = new short[(segmentCount + ARITY - 1) * segmentLength];
    }

    /**
     * Builds the filter of a set. It needs 24 bytes of memory for each number, and the set is read once for each
     * attempt. More than one attempt is rare.
     *
     * @param hashes gives the numbers, each once
     * @param count how many there are, at least one
     */
    static BinaryFuse of(Supplier<PrimitiveIterator.OfLong> hashes, int count) {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException("a filter cannot have " + count + " hashes");
        }
        // The layout of the C library. A reader takes it from the file.
        int length = Math.min(GREATEST_SEGMENT, 1 << (int) Math.floor(StrictMath.log(count) / StrictMath.log(3.33) + 2.25));
        long capacity = count == 1
                ? 0
                : Math.round(
                        count * Math.max(1.125, 0.875 + 0.25 * StrictMath.log(1_000_000) / StrictMath.log(count)));
        int segments = (int) Math.max(1, (capacity + length - 1) / length - (ARITY - 1));
        BinaryFuse filter = new BinaryFuse(count, length, segments);
        filter.fill(hashes);
        return filter;
    }

    private void fill(Supplier<PrimitiveIterator.OfLong> hashes) {
        int capacity = fingerprints.length;
        long[] order = new long[size + 1];
        byte[] indexes = new byte[size];
        byte[] counts = new byte[capacity];
        long[] sums = new long[capacity];
        int[] alone = new int[capacity];
        long state = FIRST_SEED;
        for (int i = 0; i < TRIES; i++) {
            state += 0x9E3779B97F4A7C15L;
            seed = splitMix(state);
            Arrays.fill(order, 0);
            Arrays.fill(counts, (byte) 0);
            Arrays.fill(sums, 0);
            sortInto(order, hashes.get());
            if (add(order, counts, sums) && peel(order, indexes, counts, sums, alone)) {
                assign(order, indexes);
                return;
            }
        }
        throw new IllegalStateException("no seed gives a filter; perhaps the set has a number twice");
    }

    /** Puts the hashes in the rough order of their slots, so that the following steps read memory in sequence. */
    private void sortInto(long[] order, PrimitiveIterator.OfLong hashes) {
        order[size] = 1;
        int bits = 1;
        while (1L << bits < segmentCount) {
            bits++;
        }
        int[] starts = new int[1 << bits];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = (int) ((long) i * size >>> bits);
        }
        for (int i = 0; i < size; i++) {
            long hash = mix(hashes.nextLong() + seed);
            int block = (int) (hash >>> (Long.SIZE - bits));
            while (order[starts[block]] != 0) {
                block = (block + 1) & (starts.length - 1);
            }
            order[starts[block]++] = hash;
        }
        if (hashes.hasNext()) {
            throw new IllegalArgumentException("there are more hashes than were counted");
        }
    }

    /** Adds each hash to its three slots; returns false if a slot has too many. */
    private boolean add(long[] order, byte[] counts, long[] sums) {
        boolean fits = true;
        for (int i = 0; i < size; i++) {
            long hash = order[i];
            for (int index = 0; index < ARITY; index++) {
                int slot = slot(index, hash);
                counts[slot] = (byte) ((counts[slot] + ONE) ^ index);
                sums[slot] ^= hash;
                fits &= (counts[slot] & 0xff) >= ONE;
            }
        }
        return fits;
    }

    /**
     * Removes hashes that are alone in a slot until none is left. Returns false if some are never alone.
     *
     * @param order receives the hashes in the order of their removal
     * @param indexes receives the index of the slot in which each was alone
     */
    private boolean peel(long[] order, byte[] indexes, byte[] counts, long[] sums, int[] alone) {
        int waiting = 0;
        for (int slot = 0; slot < counts.length; slot++) {
            if (isAlone(counts[slot])) {
                alone[waiting++] = slot;
            }
        }
        int removed = 0;
        while (waiting > 0) {
            int slot = alone[--waiting];
            if (!isAlone(counts[slot])) {
                continue;
            }
            long hash = sums[slot];
            int index = counts[slot] & INDEX;
            order[removed] = hash;
            indexes[removed++] = (byte) index;
            for (int step = 1; step < ARITY; step++) {
                int other = (index + step) % ARITY;
                int place = slot(other, hash);
                counts[place] = (byte) ((counts[place] - ONE) ^ other);
                sums[place] ^= hash;
                if (isAlone(counts[place])) {
                    alone[waiting++] = place;
                }
            }
        }
        return removed == size;
    }

    private static boolean isAlone(byte count) {
        return (count & 0xff) >> 2 == 1;
    }

    /** Sets the slots in the opposite order, so that each is set after the two others that count with it. */
    private void assign(long[] order, byte[] indexes) {
        for (int i = size - 1; i >= 0; i--) {
            long hash = order[i];
            int index = indexes[i];
            fingerprints[slot(index, hash)] = (short) (fingerprint(hash)
                    ^ fingerprints[slot((index + 1) % ARITY, hash)]
                    ^ fingerprints[slot((index + 2) % ARITY, hash)]);
        }
    }

    /** Returns true if the number is in the set, and for one of 65,536 others. */
    boolean contains(long number) {
        long hash = mix(number + seed);
        int sum = fingerprint(hash)
                ^ fingerprints[slot(0, hash)]
                ^ fingerprints[slot(1, hash)]
                ^ fingerprints[slot(2, hash)];
        return (short) sum == 0;
    }

    private int slot(int index, long hash) {
        int first = (int) multiplyHigh(hash, (long) segmentCount * segmentLength) + index * segmentLength;
        int within = index == 0 ? 0 : (int) (index == 1 ? hash >>> 18 : hash) & (segmentLength - 1);
        return first ^ within;
    }

    /** Returns the high half of a product, for any first factor as an unsigned number and a second one from 0 on. */
    private static long multiplyHigh(long unsigned, long positive) {
        return Math.multiplyHigh(unsigned, positive) + ((unsigned >> 63) & positive);
    }

    private static int fingerprint(long hash) {
        return (int) (hash ^ (hash >>> 32));
    }

    /** The last steps of MurmurHash3: a bijection. */
    private static long mix(long number) {
        long h = number;
        h ^= h >>> 33;
        h *= 0xff51afd7ed558ccdL;
        h ^= h >>> 33;
        h *= 0xc4ceb9fe1a85ec53L;
        h ^= h >>> 33;
        return h;
    }

    private static long splitMix(long state) {
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Writes the filter. */
    void write(OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(seed).putInt(size).putInt(segmentLength).putInt(segmentCount);
        buffer.putInt(segmentCount * segmentLength).putInt(fingerprints.length);
        for (short fingerprint : fingerprints) {
            if (!buffer.hasRemaining()) {
                out.write(buffer.array());
                buffer.clear();
            }
            buffer.putShort(fingerprint);
        }
        out.write(buffer.array(), 0, buffer.position());
    }

    /**
     * Reads a filter.
     *
     * @param length the number of bytes that the filter has
     * @param count the number of hashes that it must have
     * @throws Filter.DamagedException if the bytes are no filter; nothing is allocated then
     */
    static BinaryFuse read(InputStream in, long length, long count) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(in.readNBytes(HEADER_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        if (header.remaining() < HEADER_BYTES) {
            throw new Filter.DamagedException("it ends early");
        }
        long seed = header.getLong();
        int size = header.getInt();
        long segmentLength = Integer.toUnsignedLong(header.getInt());
        long segmentCount = Integer.toUnsignedLong(header.getInt());
        long segmentCountLength = Integer.toUnsignedLong(header.getInt());
        long arrayLength = Integer.toUnsignedLong(header.getInt());
        if (Integer.toUnsignedLong(size) != count
                || count > MOST
                || Long.bitCount(segmentLength) != 1
                || segmentLength > GREATEST_SEGMENT
                || segmentCount < 1
                || segmentCountLength != segmentCount * segmentLength
                || arrayLength != segmentCountLength + (ARITY - 1) * segmentLength
                || length != HEADER_BYTES + arrayLength * Short.BYTES
                || arrayLength > Integer.MAX_VALUE - 8) {
            throw new Filter.DamagedException("its numbers do not fit its length");
        }
        BinaryFuse filter = new BinaryFuse(size, (int) segmentLength, (int) segmentCount);
        filter.seed = seed;
        byte[] bytes = new byte[BUFFER];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (at < filter.fingerprints.length) {
            int wanted = (int) Math.min(BUFFER, (long) (filter.fingerprints.length - at) * Short.BYTES);
            if (in.readNBytes(bytes, 0, wanted) < wanted) {
                throw new Filter.DamagedException("it ends early");
            }
            buffer.clear().limit(wanted);
            buffer.asShortBuffer().get(filter.fingerprints, at, wanted / Short.BYTES);
            at += wanted / Short.BYTES;
        }
        return filter;
    }
}
