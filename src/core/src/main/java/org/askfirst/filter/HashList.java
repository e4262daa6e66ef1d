package org.askfirst.filter;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.PrimitiveIterator;

/**
 * A sorted list of numbers of 48 bits. In a file, the differences are in Golomb-Rice code: each costs about one and a
 * half bits more than the logarithm of the average one.
 */
final class HashList {
    /** The number of bits of a hash that are left out. */
    static final int SHIFT = 16;

    private static final int BITS = Long.SIZE - SHIFT;
    private static final long END = 1L << BITS;

    private HashList() {}

    /** Returns the number of low bits of each difference that are written as they are. */
    static int lowBits(long count) {
        return count == 0 ? 0 : Math.min(BITS - 1, Math.max(0, 63 - Long.numberOfLeadingZeros(END / count)));
    }

    /** Writes bits, the least significant of each byte first. */
    private static final class BitOutput {
        private final OutputStream out;
        private long bits;
        private int count;

        BitOutput(OutputStream out) {
            this.out = out;
        }

        /** Writes up to 48 bits. */
        void put(long value, int length) throws IOException {
            bits |= value << count;
            count += length;
            while (count >= Byte.SIZE) {
                out.write((int) bits);
                bits >>>= Byte.SIZE;
                count -= Byte.SIZE;
            }
        }

        void end() throws IOException {
            if (count > 0) {
                out.write((int) bits);
            }
        }
    }

    /**
     * Writes a list.
     *
     * @param values the numbers, sorted, each once
     * @param count how many there are
     */
    static void write(PrimitiveIterator.OfLong values, long count, OutputStream out) throws IOException {
        int low = lowBits(count);
        out.write(low);
        BitOutput bits = new BitOutput(out);
        long least = 0;
        while (values.hasNext()) {
            long value = values.nextLong();
            long difference = value - least;
            for (long ones = difference >>> low; ones > 0; ones--) {
                bits.put(1, 1);
            }
            bits.put(0, 1);
            bits.put(difference & ((1L << low) - 1), low);
            least = value + 1;
        }
        bits.end();
    }

    /** Reads bits in the same order. */
    private static final class BitInput {
        private final InputStream in;
        private long left;
        private long bits;
        private int count;

        BitInput(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        /** Reads up to 48 bits. */
        long get(int length) throws IOException {
            while (count < length) {
                int next = left == 0 ? -1 : in.read();
                if (next < 0) {
                    throw new Filter.DamagedException("it ends early");
                }
                left--;
                bits |= (long) next << count;
                count += Byte.SIZE;
            }
            long value = bits & ((1L << length) - 1);
            bits >>>= length;
            count -= length;
            return value;
        }

        boolean isAtEnd() {
            return left == 0 && bits == 0 && count < Byte.SIZE;
        }
    }

    /**
     * Reads a list.
     *
     * @param length the number of bytes that the list has
     * @param count the number of values that it must have
     * @throws Filter.DamagedException if the bytes are no list; nothing is allocated if they cannot have so many values
     */
    static long[] read(InputStream in, long length, long count) throws IOException {
        int low = length == 0 ? -1 : in.read();
        // Each value has at least one bit more than its low bits.
        if (low < 0 || low >= BITS || count > (length - 1) * Byte.SIZE / (low + 1) || count > Integer.MAX_VALUE - 8) {
            throw new Filter.DamagedException("its numbers do not fit its length");
        }
        long[] values = new long[(int) count];
        BitInput bits = new BitInput(in, length - 1);
        long least = 0;
        for (int i = 0; i < values.length; i++) {
            long most = (END - 1) >>> low;
            long high = 0;
            while (bits.get(1) == 1) {
                high++;
                if (high > most) {
                    throw new Filter.DamagedException("it has a number that is too great");
                }
            }
            long value = least + (high << low) + bits.get(low);
            if (value >= END) {
                throw new Filter.DamagedException("it has a number that is too great");
            }
            values[i] = value;
            least = value + 1;
        }
        if (!bits.isAtEnd()) {
            throw new Filter.DamagedException("it is too long");
        }
        return values;
    }

    /** Returns all values of several lists, sorted, each once. */
    static long[] union(Iterable<long[]> lists) {
        int size = 0;
        for (long[] list : lists) {
            size = Math.addExact(size, list.length);
        }
        long[] all = new long[size];
        int at = 0;
        for (long[] list : lists) {
            System.arraycopy(list, 0, all, at, list.length);
            at += list.length;
        }
        Arrays.sort(all);
        int kept = 0;
        for (int i = 0; i < all.length; i++) {
            if (i == 0 || all[i] != all[i - 1]) {
                all[kept++] = all[i];
            }
        }
        return kept == all.length ? all : Arrays.copyOf(all, kept);
    }
}
