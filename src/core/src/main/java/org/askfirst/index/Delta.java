package org.askfirst.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The changes since a segment was written. Each changed key has all its postings, also those that have ended, so that a
 * key found here need not be searched for in older files.
 *
 * <p>One thread writes, and any number of threads read without a lock. A list of postings is never changed, only
 * replaced. The new list includes everything in the old one, so a reader at an earlier position finds in it what it
 * would have found before.
 */
final class Delta {
    private static final int SMALLEST = 10;
    private static final long[] NONE = new long[0];
    private static final VarHandle POSTINGS = MethodHandles.arrayElementVarHandle(long[][].class);

    private volatile Table keys = new Table(SMALLEST);
    private volatile Table sitePrefilters = new Table(SMALLEST);

    /**
     * A hash table with open addressing by the first bits of a key, so that keys with a common beginning are close to
     * each other. A slot is taken once its postings are written; after that its key never changes. A search does not
     * wrap around: spare slots follow the last one instead.
     */
    private static final class Table {
        private static final int TAIL = 256;

        private final int bits;
        private final long[] words;
        private final long[] @Nullable [] postings;
        private int size;

        Table(int bits) {
            this.bits = bits;
            int slots = (1 << bits) + TAIL;
            words = new long[4 * slots];
            postings = new long[slots][];
        }

        int home(long first) {
            return (int) (first >>> (Long.SIZE - bits));
        }

        /** Returns the slot of that key, or the free slot for it; the number of slots if there is none. */
        int slot(long first, long second, long third, long fourth) {
            int slot = home(first);
            while (slot < postings.length && at(slot) != null) {
                int at = slot << 2;
                if (words[at] == first
                        && words[at + 1] == second
                        && words[at + 2] == third
                        && words[at + 3] == fourth) {
                    return slot;
                }
                slot++;
            }
            return slot;
        }

        long @Nullable [] at(int slot) {
            return slot < postings.length ? (long[]) POSTINGS.getAcquire(postings, slot) : null;
        }

        /** Stores the postings; returns false if there is no room. */
        boolean put(long first, long second, long third, long fourth, long[] value) {
            int slot = slot(first, second, third, fourth);
            if (slot == postings.length) {
                return false;
            }
            if (postings[slot] == null) {
                if (2 * size >= 1 << bits) {
                    return false;
                }
                int at = slot << 2;
                words[at] = first;
                words[at + 1] = second;
                words[at + 2] = third;
                words[at + 3] = fourth;
                size++;
            }
            POSTINGS.setRelease(postings, slot, value);
            return true;
        }

        /** Returns a table with one more key: this one, or a larger one that other threads do not see yet. */
        Table with(long first, long second, long third, long fourth, long[] value) {
            Table table = this;
            while (!table.put(first, second, third, fourth, value)) {
                table = table.larger();
            }
            return table;
        }

        private Table larger() {
            Table larger = new Table(bits + 1);
            for (int slot = 0; slot < postings.length; slot++) {
                long[] value = postings[slot];
                if (value != null) {
                    int at = slot << 2;
                    larger = larger.with(words[at], words[at + 1], words[at + 2], words[at + 3], value);
                }
            }
            return larger;
        }
    }

    /** Returns the number of changed keys. */
    int size() {
        return keys.size;
    }

    /** Returns the postings of that key, also those that have ended; null if the key has not changed. */
    long @Nullable [] find(long first, long second, long third, long fourth) {
        Table table = keys;
        return table.at(table.slot(first, second, third, fourth));
    }

    boolean hasSitePrefilter(long first, long second, long third, long fourth) {
        Table table = sitePrefilters;
        return table.at(table.slot(first, second, third, fourth)) != null;
    }

    /** Replaces the postings of a key. Only the writing thread calls this. */
    void put(long first, long second, long third, long fourth, long[] postings) {
        keys = keys.with(first, second, third, fourth, postings);
    }

    /** Adds a site prefilter. Only the writing thread calls this. */
    void putSitePrefilter(long first, long second, long third, long fourth) {
        sitePrefilters = sitePrefilters.with(first, second, third, fourth, NONE);
    }

    /**
     * Returns the prefixes of all site prefilters, sorted as unsigned numbers. Only the writing thread calls this, or
     * any thread after the last write.
     */
    long[] sortedSitePrefilters() {
        Table table = sitePrefilters;
        long[] prefixes = new long[table.size];
        int count = 0;
        for (int slot = 0; slot < table.postings.length; slot++) {
            if (table.postings[slot] != null) {
                prefixes[count++] = table.words[slot << 2] ^ Long.MIN_VALUE;
            }
        }
        Arrays.sort(prefixes);
        for (int i = 0; i < prefixes.length; i++) {
            prefixes[i] ^= Long.MIN_VALUE;
        }
        return prefixes;
    }

    /** Returns all changed keys in order. Only the writing thread calls this, or any thread after the last write. */
    Sorted sorted() {
        return new Sorted(keys, 0, -1L);
    }

    /** Returns, in order, the changed keys whose prefix lies between two unsigned numbers, both included. */
    Sorted sorted(long from, long to) {
        return new Sorted(keys, from, to);
    }

    /** Returns a copy of all changes. Only the writing thread calls this, or any thread after the last write. */
    Content content() {
        return new Content(
                sorted(), Arrays.stream(sortedSitePrefilters()).boxed().toList());
    }

    /**
     * A copy of changes.
     *
     * @param keys the changed keys with their postings, in order
     * @param sitePrefilters the prefixes of site prefilters, in order
     */
    record Content(Sorted keys, List<Long> sitePrefilters) {}

    /** A sorted copy of changed keys, with the postings at the time of the copy. */
    static final class Sorted {
        private final long[] words;
        private final Integer[] slots;
        private final long[][] postings;

        private Sorted(Table table, long from, long to) {
            words = table.words;
            List<Integer> slotsInRange = new ArrayList<>();
            List<long[]> values = new ArrayList<>();
            int last = table.home(to);
            for (int slot = table.home(from); slot < table.postings.length; slot++) {
                long[] value = table.at(slot);
                if (value == null) {
                    if (slot > last) {
                        break;
                    }
                    continue;
                }
                long prefix = words[slot << 2];
                if (Long.compareUnsigned(prefix, from) >= 0 && Long.compareUnsigned(prefix, to) <= 0) {
                    slotsInRange.add(slot);
                    values.add(value);
                }
            }
            Integer[] order = new Integer[slotsInRange.size()];
            Arrays.setAll(order, i -> i);
            Arrays.sort(
                    order,
                    (one, other) ->
                            KeyWords.compare(words, slotsInRange.get(one) << 2, words, slotsInRange.get(other) << 2));
            slots = new Integer[order.length];
            postings = new long[order.length][];
            for (int i = 0; i < order.length; i++) {
                slots[i] = slotsInRange.get(order[i]);
                postings[i] = values.get(order[i]);
            }
        }

        int size() {
            return slots.length;
        }

        void key(int place, long[] into) {
            System.arraycopy(words, slots[place] << 2, into, 0, 4);
        }

        long[] postings(int place) {
            return postings[place];
        }
    }
}
