package org.askfirst.index;

/**
 * Sorted 64-bit prefixes of keys with a directory. The first bits of a prefix are the number of its bucket. A bucket
 * has four to eight prefixes, because keys are hashes and spread evenly. A miss reads two places in memory.
 */
final class Prefixes {
    /**
     * The number of prefixes that are searched for together: more than a processor waits for at the same time, and few
     * enough for its first-level cache.
     */
    static final int STAGE = 64;

    private final MappedFile file;
    private final long prefixes;
    private final long directory;
    private final int shift;
    private final long count;

    /**
     * Reads two sections of a file.
     *
     * @param file the file
     * @param prefixes the offset of the prefixes
     * @param directory the offset of the directory
     * @param count the number of prefixes
     */
    Prefixes(MappedFile file, long prefixes, long directory, long count) {
        this.file = file;
        this.prefixes = prefixes;
        this.directory = directory;
        this.count = count;
        this.shift = Long.SIZE - SegmentHeader.bits(count);
    }

    long count() {
        return count;
    }

    /** Returns the first place of that prefix's bucket. */
    long start(long prefix) {
        return Integer.toUnsignedLong(file.intAt(directory + ((prefix >>> shift) << 2)));
    }

    /** Returns the place after that prefix's bucket. */
    long end(long prefix) {
        return Integer.toUnsignedLong(file.intAt(directory + (((prefix >>> shift) + 1) << 2)));
    }

    /**
     * Returns the prefix at that place. The place after the last prefix may be read as well; its value has no meaning.
     */
    long at(long index) {
        return file.longAt(prefixes + (index << 3));
    }

    /**
     * Finds several prefixes at once, at most {@link #STAGE}. It reads one kind of memory for all of them before the
     * next, so that the waits overlap. A bucket may lie in two cache lines, so both its ends are read before it is
     * searched.
     *
     * @param words the keys' words; every fourth is a prefix, from key {@code from} up to key {@code to}
     * @param places receives the first place of each prefix; negative if it is absent
     * @param ends receives the end of each bucket, from 0 on
     * @param touched work space: two longs for each prefix
     */
    void find(long[] words, int from, int to, long[] places, long[] ends, long[] touched) {
        for (int i = from; i < to; i++) {
            places[i] = start(words[i << 2]);
            ends[i - from] = end(words[i << 2]);
        }
        for (int i = from; i < to; i++) {
            touched[(i - from) << 1] = at(places[i]);
            touched[((i - from) << 1) + 1] = at(ends[i - from]);
        }
        for (int i = from; i < to; i++) {
            long first = words[i << 2];
            long end = ends[i - from];
            long place = places[i];
            for (long prefix = touched[(i - from) << 1]; place < end && prefix != first; prefix = at(place)) {
                place++;
            }
            places[i] = place < end ? place : -1;
        }
    }

    /** Returns the first place whose prefix is not less than that one, as unsigned numbers. */
    long ceiling(long prefix) {
        long end = end(prefix);
        long i = start(prefix);
        while (i < end && Long.compareUnsigned(at(i), prefix) < 0) {
            i++;
        }
        return i;
    }
}
