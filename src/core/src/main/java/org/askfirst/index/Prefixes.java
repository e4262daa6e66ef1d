package org.askfirst.index;

/**
 * Sorted 64-bit prefixes of keys and a directory to them: the first bits of a prefix number its bucket, which holds four
 * to eight, because keys are hashes and spread evenly. A miss touches two places in memory.
 */
final class Prefixes {
    /** How many are found at a time: more than a processor waits for at once, and few enough for its first cache. */
    static final int STAGE = 64;

    private final MappedFile file;
    private final long prefixes;
    private final long directory;
    private final int shift;
    private final long count;

    /**
     * Over two sections of a file.
     *
     * @param prefixes where they begin
     * @param directory where it begins
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

    /** Where the bucket of that prefix begins. */
    long start(long prefix) {
        return Integer.toUnsignedLong(file.intAt(directory + ((prefix >>> shift) << 2)));
    }

    /** Where the bucket of that prefix ends. */
    long end(long prefix) {
        return Integer.toUnsignedLong(file.intAt(directory + (((prefix >>> shift) + 1) << 2)));
    }

    /** The prefix at that place; behind the last there is one more place, to be read and not used. */
    long at(long index) {
        return file.longAt(prefixes + (index << 3));
    }

    /**
     * Finds several prefixes at once, at most {@link #STAGE}: one kind of memory after the other, for all of them, so
     * that the waits for it overlap. A bucket may lie in two lines of a cache, so both its ends are read before it is
     * searched.
     *
     * @param words of which every fourth is a prefix, from {@code from} up to {@code to}
     * @param found the first place of each; negative where it is not
     * @param ends where the bucket of each ends, from 0 on
     * @param touched to work with: two for each
     */
    void find(long[] words, int from, int to, long[] found, long[] ends, long[] touched) {
        for (int i = from; i < to; i++) {
            found[i] = start(words[i << 2]);
            ends[i - from] = end(words[i << 2]);
        }
        for (int i = from; i < to; i++) {
            touched[(i - from) << 1] = at(found[i]);
            touched[((i - from) << 1) + 1] = at(ends[i - from]);
        }
        for (int i = from; i < to; i++) {
            long first = words[i << 2];
            long end = ends[i - from];
            long place = found[i];
            for (long prefix = touched[(i - from) << 1]; place < end && prefix != first; prefix = at(place)) {
                place++;
            }
            found[i] = place < end ? place : -1;
        }
    }

    /** The first place whose prefix is not less than that one, as unsigned numbers. */
    long ceiling(long prefix) {
        long end = end(prefix);
        long i = start(prefix);
        while (i < end && Long.compareUnsigned(at(i), prefix) < 0) {
            i++;
        }
        return i;
    }
}
