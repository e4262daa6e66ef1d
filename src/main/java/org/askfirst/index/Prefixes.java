package org.askfirst.index;

/**
 * Sorted 64-bit prefixes of keys and a directory to them: the first bits of a prefix number its bucket, which holds four
 * to eight, because keys are hashes and spread evenly. A miss touches two places in memory.
 */
final class Prefixes {
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

    boolean contains(long prefix) {
        long end = end(prefix);
        for (long i = start(prefix); i < end; i++) {
            if (at(i) == prefix) {
                return true;
            }
        }
        return false;
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
