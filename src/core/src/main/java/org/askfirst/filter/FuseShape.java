package org.askfirst.filter;

/**
 * The places of numbers in a binary fuse filter. A number has a slot in each of three consecutive segments of the array,
 * and a fingerprint, which is the exclusive or of the three slots.
 *
 * @param seed the seed of the hash
 * @param segmentLength the length of a segment, a power of two
 * @param segmentCount the number of segments in which a first slot can be
 */
record FuseShape(long seed, int segmentLength, int segmentCount) {
    /** The number of slots of a number. */
    static final int ARITY = 3;

    static final int GREATEST_SEGMENT = 1 << 18;

    /** The greatest number of hashes. Their slots can still be numbered by an {@code int}. */
    static final int MOST = 1_500_000_000;

    /** Returns the number of slots. */
    long slots() {
        return (long) (segmentCount + ARITY - 1) * segmentLength;
    }

    /** Returns the hash of a number: the last steps of MurmurHash3, a bijection. */
    long hash(long number) {
        long h = number + seed;
        h ^= h >>> 33;
        h *= 0xff51afd7ed558ccdL;
        h ^= h >>> 33;
        h *= 0xc4ceb9fe1a85ec53L;
        h ^= h >>> 33;
        return h;
    }

    /**
     * Returns a slot of a hash.
     *
     * @param index which of the three
     */
    int slot(int index, long hash) {
        int first = (int) multiplyHigh(hash, (long) segmentCount * segmentLength) + index * segmentLength;
        int within = index == 0 ? 0 : (int) (index == 1 ? hash >>> 18 : hash) & (segmentLength - 1);
        return first ^ within;
    }

    /** Returns the high half of a product, for any first factor as an unsigned number and a second one from 0 on. */
    private static long multiplyHigh(long unsigned, long positive) {
        return Math.multiplyHigh(unsigned, positive) + ((unsigned >> 63) & positive);
    }

    static short fingerprint(long hash) {
        return (short) (hash ^ (hash >>> 32));
    }
}
