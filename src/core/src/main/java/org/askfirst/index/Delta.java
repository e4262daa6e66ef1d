package org.askfirst.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changed since a segment was written: for each changed key all its postings, those that have ended too, so that a
 * key found here need not be looked for anywhere older.
 *
 * <p>One thread writes, any number read without a lock. A list of postings is never changed, only replaced, and the new
 * one holds everything that the old one did: a reader at an earlier position finds there what it would have found
 * before.
 */
final class Delta {
    private static final int SMALLEST = 10;
    private static final long[] NONE = new long[0];
    private static final VarHandle POSTINGS = MethodHandles.arrayElementVarHandle(long[][].class);

    private volatile Table keys = new Table(SMALLEST);
    private volatile Table gates = new Table(SMALLEST);

    /**
     * Open addressing by the first bits of a key, so that keys which begin alike stand near each other; a slot is taken
     * once its postings are there, and then its key never changes. Behind the last slot are some more instead of a way
     * round to the first.
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

        /** The slot that has that key, or the free one where it would be; behind the last if there is none. */
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

        /** False if there is no room. */
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

        /** This table with one key more: itself, or a larger one that nobody else sees yet. */
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

    /** How many keys have changed. */
    int size() {
        return keys.size;
    }

    /** The postings of that key, ended ones too; null if it has not changed. */
    long @Nullable [] find(long first, long second, long third, long fourth) {
        Table table = keys;
        return table.at(table.slot(first, second, third, fourth));
    }

    boolean hasGate(long first, long second, long third, long fourth) {
        Table table = gates;
        return table.at(table.slot(first, second, third, fourth)) != null;
    }

    /** By the one writer. */
    void put(long first, long second, long third, long fourth, long[] postings) {
        keys = keys.with(first, second, third, fourth, postings);
    }

    /** By the one writer. */
    void putGate(long first, long second, long third, long fourth) {
        gates = gates.with(first, second, third, fourth, NONE);
    }

    /** The prefixes of all gates, sorted as unsigned numbers. By the one writer, or once it writes here no more. */
    long[] sortedGates() {
        Table table = gates;
        long[] prefixes = new long[table.size];
        int found = 0;
        for (int slot = 0; slot < table.postings.length; slot++) {
            if (table.postings[slot] != null) {
                prefixes[found++] = table.words[slot << 2] ^ Long.MIN_VALUE;
            }
        }
        Arrays.sort(prefixes);
        for (int i = 0; i < prefixes.length; i++) {
            prefixes[i] ^= Long.MIN_VALUE;
        }
        return prefixes;
    }

    /** All changed keys in order. By the one writer, or once it writes here no more. */
    Sorted sorted() {
        return new Sorted(keys, 0, -1L);
    }

    /** Changed keys in order whose prefix is between those two, as unsigned numbers, both included. */
    Sorted sorted(long from, long to) {
        return new Sorted(keys, from, to);
    }

    /** Changed keys in order, with their postings as they were found first. */
    static final class Sorted {
        private final long[] words;
        private final Integer[] slots;
        private final long[][] postings;

        private Sorted(Table table, long from, long to) {
            words = table.words;
            List<Integer> found = new ArrayList<>();
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
                    found.add(slot);
                    values.add(value);
                }
            }
            Integer[] order = new Integer[found.size()];
            Arrays.setAll(order, i -> i);
            Arrays.sort(
                    order, (one, other) -> KeyWords.compare(words, found.get(one) << 2, words, found.get(other) << 2));
            slots = new Integer[order.length];
            postings = new long[order.length][];
            for (int i = 0; i < order.length; i++) {
                slots[i] = found.get(order[i]);
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
