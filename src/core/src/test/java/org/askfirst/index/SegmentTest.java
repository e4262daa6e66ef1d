package org.askfirst.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.askfirst.id.PartyId;
import org.askfirst.subject.SubjectKey;
import org.askfirst.verdict.Contact;
import org.askfirst.verdict.Period;
import org.askfirst.verdict.Stance;
import org.askfirst.verdict.Stances;
import org.askfirst.verdict.Use;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A segment of any size: every stored key is found, alone and among many, and no other key is. */
class SegmentTest {
    private static final Stances RESERVED = Stances.of(Map.of(Use.AI_TRAINING, Stance.RESERVED));

    @TempDir
    Path folder = Path.of("");

    private static long[] keys(Random random, int count, boolean sharedPrefixes) {
        long[] words = new long[4 * count];
        for (int i = 0; i < words.length; i++) {
            // Some have the same first eight bytes or more, which does not happen with real keys.
            words[i] = sharedPrefixes && i % 4 < 2 ? random.nextInt(4) - 2L : random.nextLong();
        }
        return words;
    }

    private static Posting posting(long position) {
        return new Posting(
                new PartyId(new UUID(position, 0)), position, RESERVED, Contact.OF_TERMS, false, Period.ALWAYS);
    }

    private void holds(int count, boolean sharedPrefixes) throws IOException {
        Random random = new Random(count);
        long[] words = keys(random, count, sharedPrefixes);
        try (SegmentBuilder builder = new SegmentBuilder(folder.resolve(count + ".segment"))) {
            for (int i = 0; i < count; i++) {
                builder.add(SubjectKey.of(java.util.Arrays.copyOfRange(words, 4 * i, 4 * i + 4)), posting(i + 1));
            }
            Segment segment = builder.finish(new Origin("log", count, "", "list"), PartyRegisterSnapshot.NOTHING);
            assertEquals(count, segment.keys());
            long[] asked = java.util.Arrays.copyOf(words, 8 * count);
            System.arraycopy(keys(new Random(-count), count, sharedPrefixes), 0, asked, 4 * count, 4 * count);
            long[] found = new long[2 * count];
            segment.find(asked, 2 * count, found);
            for (int i = 0; i < 2 * count; i++) {
                assertEquals(
                        segment.find(asked[4 * i], asked[4 * i + 1], asked[4 * i + 2], asked[4 * i + 3]), found[i]);
                if (i < count) {
                    long[] postings = segment.postings(found[i]);
                    assertEquals(Posting.LONGS, postings.length);
                    assertEquals(i + 1, Posting.position(postings[Posting.WORD]));
                    assertEquals(new PartyId(new UUID(i + 1L, 0)), Posting.party(postings, 0));
                } else {
                    assertEquals(-1, found[i]);
                }
            }
            long[] before = new long[4];
            long[] at = new long[4];
            for (long place = 0; place < segment.keys(); place++) {
                segment.key(place, at);
                assertTrue(place == 0 || KeyWords.compare(before, 0, at, 0) < 0, "out of order");
                System.arraycopy(at, 0, before, 0, 4);
            }
        }
    }

    @Test
    void everyKeyIsFoundAndNoOther() throws IOException {
        for (int count : new int[] {0, 1, 2, 7, 8, 9, 63, 64, 65, 1_000, 100_000}) {
            holds(count, false);
        }
    }

    @Test
    void keysThatBeginAlikeAreToldApart() throws IOException {
        holds(500, true);
    }

    /**
     * Reads a file beyond two gigabytes, the limit of Java's buffers. The file is mostly a hole, so it takes no space.
     */
    @Test
    void filesPastTwoGigabytesAreRead() throws IOException {
        Path large = folder.resolve("large");
        long[] offsets = {0, (1L << 30) - 8, 1L << 30, (1L << 31) - 8, 1L << 31, 5L << 29, (6L << 29) - 8};
        try (FileChannel channel = FileChannel.open(large, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (long offset : offsets) {
                ByteBuffer value = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
                channel.write(value.putLong(0, offset + 5), offset);
            }
        }
        MappedFile file = MappedFile.of(large);
        assertEquals(6L << 29, file.length());
        for (long offset : offsets) {
            assertEquals(offset + 5, file.longAt(offset));
        }
        assertEquals(
                (5L << 29) + 5,
                ByteBuffer.wrap(file.bytes(5L << 29, 8))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong());
    }
}
