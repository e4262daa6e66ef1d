package org.askfirst.bench.lookup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The keys of a segment in their order, read as docs/formats/segment.md says: what peers are loaded from. */
final class SegmentFile {
    private static final int HEADER = 4096;
    private static final int RECORD = 48;
    private static final int SHIFT = 30;

    private final ByteBuffer[] chunks;
    final long keys;

    private SegmentFile(ByteBuffer[] chunks) {
        this.chunks = chunks;
        this.keys = at(24);
    }

    static SegmentFile open(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            ByteBuffer[] chunks = new ByteBuffer[(int) ((channel.size() >> SHIFT) + 1)];
            for (int i = 0; i < chunks.length; i++) {
                long from = (long) i << SHIFT;
                chunks[i] = channel.map(
                                FileChannel.MapMode.READ_ONLY, from, Math.min(1 << SHIFT, channel.size() - from))
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
            return new SegmentFile(chunks);
        }
    }

    /** The only segment of an index. */
    static Path in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".segment")).sorted().findFirst().orElseThrow();
        }
    }

    private long at(long offset) {
        return chunks[(int) (offset >>> SHIFT)].getLong((int) (offset & (1 << SHIFT) - 1));
    }

    /** Four words of a key and the three numbers of its record. */
    void read(long place, long[] into, int at) {
        long record = HEADER + place * RECORD;
        into[at] = at(HEADER + keys * RECORD + place * Long.BYTES);
        for (int i = 0; i < 6; i++) {
            into[at + 1 + i] = at(record + i * Long.BYTES);
        }
    }

    /** Keys to ask for, four words each: such that are there, at random, or such that are not. */
    long[] sample(int count, boolean hits) {
        long[] words = new long[4 * count];
        long[] one = new long[7];
        for (int i = 0; i < count; i++) {
            if (hits) {
                read(Long.remainderUnsigned(Works.mix(i), keys), one, 0);
            } else {
                for (int j = 0; j < 4; j++) {
                    one[j] = Works.mix(-1 - 4L * i - j);
                }
            }
            System.arraycopy(one, 0, words, 4 * i, 4);
        }
        return words;
    }
}
