package org.askfirst.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The keys of granted works, sorted, each with the number of its grant. Immutable.
 *
 * <p>A key is the first 16 bytes of a {@link org.askfirst.subject.SubjectKey}. An entry has three words: two of the key and
 * one with the number. The entries are in buckets, by the first bits of their keys, which are hashes and therefore spread
 * evenly. Few keys are on the heap. Many keys are in a mapped file without a name, which the system frees with the last
 * reference.
 */
final class GrantedKeys {
    /** The greatest number of keys of one object: the file is mapped as a whole. */
    static final int MAX_KEYS = 40_000_000;

    /** The greatest number of keys on the heap. */
    private static final int MAX_ON_HEAP = 1 << 12;

    private static final int WORDS = 3;
    private static final int KEYS_OF_A_BUCKET = 4;

    private final int size;
    private final int shift;
    private final LongBuffer entries;

    /** The number of the first entry of each bucket, and at the end the number of all entries, two in a word. */
    private final LongBuffer starts;

    private GrantedKeys(int size, int bits, LongBuffer entries, LongBuffer starts) {
        this.size = size;
        this.shift = Long.SIZE - bits;
        this.entries = entries;
        this.starts = starts;
    }

    /** Returns the number of keys. A key is counted once for each of its grants. */
    int size() {
        return size;
    }

    /** Receives the number of a grant. */
    interface Numbers {
        void add(int number);
    }

    /** Passes the numbers of the grants of a key to {@code numbers}, in no order. */
    void find(long first, long second, Numbers numbers) {
        int bucket = bucket(first);
        int end = start(bucket + 1);
        for (int i = start(bucket) * WORDS; i < end * WORDS; i += WORDS) {
            if (entries.get(i) == first && entries.get(i + 1) == second) {
                numbers.add((int) entries.get(i + 2));
            }
        }
    }

    /** Passes all keys with their numbers to a builder. */
    void copyTo(Builder builder) throws IOException {
        for (int i = 0; i < size * WORDS; i += WORDS) {
            builder.add(entries.get(i), entries.get(i + 1), (int) entries.get(i + 2));
        }
    }

    private int bucket(long first) {
        return shift == Long.SIZE ? 0 : (int) (first >>> shift);
    }

    private int start(int bucket) {
        long word = starts.get(bucket >> 1);
        return (int) ((bucket & 1) == 0 ? word : word >>> Integer.SIZE);
    }

    /** Collects keys in any order. Used by one thread. */
    static final class Builder implements AutoCloseable {
        private final Path folder;
        private long[] words = new long[256 * WORDS];
        private int buffered;
        private int size;
        private @Nullable FileChannel raw;

        /**
         * Creates a builder without keys.
         *
         * @param folder an existing folder for files
         */
        Builder(Path folder) {
            this.folder = folder;
        }

        int size() {
            return size;
        }

        /** Adds a key with the number of its grant. */
        void add(long first, long second, int number) throws IOException {
            if (size == MAX_KEYS) {
                throw new IllegalStateException("too many keys for one file");
            }
            if (buffered == words.length) {
                if (buffered >= MAX_ON_HEAP * WORDS) {
                    spill();
                } else {
                    words = Arrays.copyOf(words, Math.min(words.length * 2, MAX_ON_HEAP * WORDS));
                }
            }
            if (buffered + WORDS > words.length) {
                words = Arrays.copyOf(words, buffered + WORDS);
            }
            words[buffered] = first;
            words[buffered + 1] = second;
            words[buffered + 2] = number;
            buffered += WORDS;
            size++;
        }

        private void spill() throws IOException {
            FileChannel channel = raw;
            if (channel == null) {
                channel = unnamed(folder);
                raw = channel;
            }
            ByteBuffer block = ByteBuffer.allocate(buffered * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            block.asLongBuffer().put(words, 0, buffered);
            while (block.hasRemaining()) {
                channel.write(block);
            }
            buffered = 0;
        }

        /** Returns the keys. The builder must not be used afterwards. */
        GrantedKeys finish() throws IOException {
            FileChannel unsorted = raw;
            int bits = bits(size);
            int buckets = 1 << bits;
            int startWords = (buckets + 2) >> 1;
            if (unsorted == null) {
                return sorted(
                        LongBuffer.wrap(words, 0, buffered),
                        LongBuffer.allocate(size * WORDS),
                        LongBuffer.allocate(startWords),
                        bits);
            }
            spill();
            long bytes = (long) size * WORDS * Long.BYTES;
            try (FileChannel file = unnamed(folder);
                    FileChannel table = unnamed(folder)) {
                return sorted(
                        mapped(unsorted, bytes),
                        mapped(file, bytes),
                        mapped(table, (long) startWords * Long.BYTES),
                        bits);
            }
        }

        /** Distributes the entries over the buckets, in three passes. Only the number of each bucket's keys matters. */
        private GrantedKeys sorted(LongBuffer unsorted, LongBuffer entries, LongBuffer starts, int bits) {
            GrantedKeys keys = new GrantedKeys(size, bits, entries, starts);
            int buckets = 1 << bits;
            for (int i = 0; i < size; i++) {
                int bucket = keys.bucket(unsorted.get(i * WORDS));
                put(starts, bucket, keys.start(bucket) + 1);
            }
            int sum = 0;
            for (int bucket = 0; bucket < buckets; bucket++) {
                sum += keys.start(bucket);
                put(starts, bucket, sum);
            }
            put(starts, buckets, sum);
            // Counting down from the end of each bucket leaves its start.
            for (int i = size - 1; i >= 0; i--) {
                int bucket = keys.bucket(unsorted.get(i * WORDS));
                int at = keys.start(bucket) - 1;
                put(starts, bucket, at);
                for (int word = 0; word < WORDS; word++) {
                    entries.put(at * WORDS + word, unsorted.get(i * WORDS + word));
                }
            }
            return keys;
        }

        private static void put(LongBuffer starts, int bucket, int value) {
            long word = starts.get(bucket >> 1);
            starts.put(
                    bucket >> 1,
                    (bucket & 1) == 0
                            ? (word & 0xffff_ffff_0000_0000L) | Integer.toUnsignedLong(value)
                            : (word & 0xffff_ffffL) | (long) value << Integer.SIZE);
        }

        private static int bits(int size) {
            int buckets = Math.max(1, size / KEYS_OF_A_BUCKET);
            return buckets == 1 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(buckets - 1);
        }

        private static LongBuffer mapped(FileChannel file, long bytes) throws IOException {
            return file.map(FileChannel.MapMode.READ_WRITE, 0, bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asLongBuffer();
        }

        /** Creates a file that is gone once nothing refers to it, also after a crash. */
        private static FileChannel unnamed(Path folder) throws IOException {
            Path path = Files.createTempFile(folder, "grants", ".tmp");
            try {
                return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            } finally {
                Files.delete(path);
            }
        }

        @Override
        public void close() throws IOException {
            FileChannel unsorted = raw;
            if (unsorted != null) {
                unsorted.close();
            }
        }
    }
}
