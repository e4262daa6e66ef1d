package org.askfirst.filter;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.PrimitiveIterator;
import java.util.function.Supplier;

/**
 * Builds a {@link BinaryFuse}. The order of the steps is that of {@code binary_fuse16} in the C library {@code
 * FastFilter/xor_singleheader}, so both give the same bytes for the same numbers. Used by one thread.
 */
final class FuseBuilder {
    private static final int TRIES = 100;
    private static final long FIRST_SEED = 0x726b2b9d438b9d4dL;
    private static final int ARITY = FuseShape.ARITY;
    private static final int BUFFER = 1 << 16;

    // A slot's count has the number of its hashes times four, and in two bits the exclusive or of their indexes.
    private static final int ONE = 4;
    private static final int INDEX = 3;

    private static final long ORDER = 0;

    private final Scratch space;
    private final int size;
    private final int slots;
    private FuseShape shape;

    // Offsets in the work space: at the beginning the hashes in order; for each slot the exclusive or of its hashes, a
    // place of the queue, its fingerprint and its count; for each hash the index of the slot in which it was alone.
    private final long sums;
    private final long alone;
    private final long fingerprints;
    private final long counts;
    private final long indexes;

    private FuseBuilder(FuseShape shape, int size, Path scratch) throws IOException {
        this.shape = shape;
        this.size = size;
        this.slots = Math.toIntExact(shape.slots());
        this.sums = ORDER + (size + 1L) * Long.BYTES;
        this.alone = sums + (long) slots * Long.BYTES;
        this.fingerprints = alone + (long) slots * Integer.BYTES;
        this.counts = padded(fingerprints + (long) slots * Short.BYTES);
        this.indexes = padded(counts + slots);
        this.space = new Scratch(scratch, padded(indexes + size));
    }

    private static long padded(long length) {
        return (length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    }

    /**
     * Writes the filter of a set. It needs 26 bytes of disk space for each number meanwhile, and no heap. The set is read
     * once for each attempt. More than one attempt is rare.
     *
     * @param hashes gives the numbers, each once
     * @param count how many there are, at least one
     * @param scratch the file of the work space, which is deleted at the end
     */
    static void write(Supplier<PrimitiveIterator.OfLong> hashes, int count, Path scratch, OutputStream out)
            throws IOException {
        if (count < 1 || count > FuseShape.MOST) {
            throw new IllegalArgumentException("a filter cannot have " + count + " hashes");
        }
        FuseBuilder builder = new FuseBuilder(shape(count), count, scratch);
        try {
            builder.fill(hashes);
            builder.write(out);
        } finally {
            builder.space.delete();
        }
    }

    /** Returns the shape that the C library chooses, without a seed. A reader takes it from the file. */
    private static FuseShape shape(int count) {
        int length = Math.min(
                FuseShape.GREATEST_SEGMENT, 1 << (int) Math.floor(StrictMath.log(count) / StrictMath.log(3.33) + 2.25));
        double factor = 0.875 + 0.25 * StrictMath.log(1_000_000) / StrictMath.log(count);
        long capacity = count == 1 ? 0 : Math.round(count * Math.max(1.125, factor));
        return new FuseShape(0, length, (int) Math.max(1, (capacity + length - 1) / length - (ARITY - 1)));
    }

    private void fill(Supplier<PrimitiveIterator.OfLong> hashes) {
        long state = FIRST_SEED;
        for (int i = 0; i < TRIES; i++) {
            if (i > 0) {
                space.clear(ORDER, alone);
                space.clear(counts, indexes);
            }
            state += 0x9E3779B97F4A7C15L;
            shape = new FuseShape(splitMix(state), shape.segmentLength(), shape.segmentCount());
            sortInto(hashes.get());
            if (add() && peel()) {
                assign();
                return;
            }
        }
        throw new IllegalStateException("no seed gives a filter; perhaps the set has a number twice");
    }

    /** Puts the hashes in the rough order of their slots, so that the following steps read memory in sequence. */
    private void sortInto(PrimitiveIterator.OfLong hashes) {
        space.putLong(ORDER + (long) size * Long.BYTES, 1);
        int bits = 1;
        while (1L << bits < shape.segmentCount()) {
            bits++;
        }
        int[] starts = new int[1 << bits];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = (int) (((long) i * size) >>> bits);
        }
        for (int i = 0; i < size; i++) {
            long hash = shape.hash(hashes.nextLong());
            int block = (int) (hash >>> (Long.SIZE - bits));
            while (space.getLong(ORDER + (long) starts[block] * Long.BYTES) != 0) {
                block = (block + 1) & (starts.length - 1);
            }
            space.putLong(ORDER + (long) starts[block]++ * Long.BYTES, hash);
        }
        if (hashes.hasNext()) {
            throw new IllegalArgumentException("there are more hashes than were counted");
        }
    }

    /** Adds each hash to its three slots; returns false if a slot has too many. */
    private boolean add() {
        boolean fits = true;
        for (int i = 0; i < size; i++) {
            long hash = space.getLong(ORDER + (long) i * Long.BYTES);
            for (int index = 0; index < ARITY; index++) {
                fits &= change(shape.slot(index, hash), ONE, index, hash) >= ONE;
            }
        }
        return fits;
    }

    /** Adds a hash to a slot, or removes it; returns the count of the slot. */
    private int change(int slot, int by, int index, long hash) {
        byte count = (byte) ((space.get(counts + slot) + by) ^ index);
        space.put(counts + slot, count);
        long sum = sums + (long) slot * Long.BYTES;
        space.putLong(sum, space.getLong(sum) ^ hash);
        return count & 0xff;
    }

    /** Removes hashes that are alone in a slot until none is left. Returns false if some are never alone. */
    private boolean peel() {
        int waiting = 0;
        for (int slot = 0; slot < slots; slot++) {
            if (isAlone(space.get(counts + slot) & 0xff)) {
                space.putInt(alone + (long) waiting++ * Integer.BYTES, slot);
            }
        }
        int removed = 0;
        while (waiting > 0) {
            int slot = space.getInt(alone + (long) --waiting * Integer.BYTES);
            int count = space.get(counts + slot) & 0xff;
            if (!isAlone(count)) {
                continue;
            }
            long hash = space.getLong(sums + (long) slot * Long.BYTES);
            int index = count & INDEX;
            space.putLong(ORDER + (long) removed * Long.BYTES, hash);
            space.put(indexes + removed++, (byte) index);
            for (int step = 1; step < ARITY; step++) {
                int other = (index + step) % ARITY;
                int place = shape.slot(other, hash);
                if (isAlone(change(place, -ONE, other, hash))) {
                    space.putInt(alone + (long) waiting++ * Integer.BYTES, place);
                }
            }
        }
        return removed == size;
    }

    private static boolean isAlone(int count) {
        return count >> 2 == 1;
    }

    /** Sets the slots in the opposite order, so that each is set after the two others that count with it. */
    private void assign() {
        for (int i = size - 1; i >= 0; i--) {
            long hash = space.getLong(ORDER + (long) i * Long.BYTES);
            int index = space.get(indexes + i);
            int fingerprint = FuseShape.fingerprint(hash)
                    ^ fingerprint(shape.slot((index + 1) % ARITY, hash))
                    ^ fingerprint(shape.slot((index + 2) % ARITY, hash));
            space.putShort(fingerprints + (long) shape.slot(index, hash) * Short.BYTES, (short) fingerprint);
        }
    }

    private short fingerprint(int slot) {
        return space.getShort(fingerprints + (long) slot * Short.BYTES);
    }

    private static long splitMix(long state) {
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private void write(OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(shape.seed()).putInt(size).putInt(shape.segmentLength()).putInt(shape.segmentCount());
        buffer.putInt(shape.segmentCount() * shape.segmentLength()).putInt(slots);
        for (int slot = 0; slot < slots; slot++) {
            if (!buffer.hasRemaining()) {
                out.write(buffer.array());
                buffer.clear();
            }
            buffer.putShort(fingerprint(slot));
        }
        out.write(buffer.array(), 0, buffer.position());
    }
}
