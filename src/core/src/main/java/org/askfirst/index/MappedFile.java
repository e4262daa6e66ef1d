package org.askfirst.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A read-only file of any length, mapped into memory. One buffer has two gigabytes at most, so there are several.
 *
 * <p>The file is unmapped when nothing refers to it any longer. The offset of a value must be a multiple of its size.
 */
final class MappedFile {
    private static final int CHUNK_SHIFT = 30;
    private static final int CHUNK = 1 << CHUNK_SHIFT;
    private static final long CHUNK_MASK = CHUNK - 1L;

    private final ByteBuffer[] chunks;
    private final long length;

    private MappedFile(ByteBuffer[] chunks, long length) {
        this.chunks = chunks;
        this.length = length;
    }

    static MappedFile of(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long length = channel.size();
            ByteBuffer[] chunks = new ByteBuffer[(int) ((length + CHUNK_MASK) >>> CHUNK_SHIFT)];
            for (int i = 0; i < chunks.length; i++) {
                long from = (long) i << CHUNK_SHIFT;
                chunks[i] = channel.map(FileChannel.MapMode.READ_ONLY, from, Math.min(CHUNK, length - from))
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
            return new MappedFile(chunks, length);
        }
    }

    long length() {
        return length;
    }

    long longAt(long offset) {
        return chunks[(int) (offset >>> CHUNK_SHIFT)].getLong((int) (offset & CHUNK_MASK));
    }

    int intAt(long offset) {
        return chunks[(int) (offset >>> CHUNK_SHIFT)].getInt((int) (offset & CHUNK_MASK));
    }

    /** Returns {@code count} bytes from {@code from} on, in a new array. */
    byte[] bytes(long from, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            long offset = from + i;
            bytes[i] = chunks[(int) (offset >>> CHUNK_SHIFT)].get((int) (offset & CHUNK_MASK));
        }
        return bytes;
    }

    /** Returns the CRC-32C of the bytes from {@code from} up to, and without, {@code to}. */
    int checksum(long from, long to) {
        CRC32C crc = new CRC32C();
        long at = from;
        while (at < to) {
            ByteBuffer chunk = chunks[(int) (at >>> CHUNK_SHIFT)].duplicate();
            int start = (int) (at & CHUNK_MASK);
            int end = (int) Math.min(chunk.capacity(), start + (to - at));
            crc.update(chunk.limit(end).position(start));
            at += end - start;
        }
        return (int) crc.getValue();
    }
}
