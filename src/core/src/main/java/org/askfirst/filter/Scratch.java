package org.askfirst.filter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Work space of any length in a temporary file that is mapped into memory. So a build needs no heap, whatever its size.
 * It begins with zeros. The offset of a value must be a multiple of its size.
 */
final class Scratch {
    private static final int CHUNK_SHIFT = 30;
    private static final int CHUNK = 1 << CHUNK_SHIFT;
    private static final long CHUNK_MASK = CHUNK - 1L;

    private final Path file;
    private final ByteBuffer[] chunks;

    /** Creates the file, or replaces it. */
    Scratch(Path file, long bytes) throws IOException {
        this.file = file;
        Files.deleteIfExists(file);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            chunks = new ByteBuffer[(int) ((bytes + CHUNK_MASK) >>> CHUNK_SHIFT)];
            for (int i = 0; i < chunks.length; i++) {
                long from = (long) i << CHUNK_SHIFT;
                chunks[i] = channel.map(FileChannel.MapMode.READ_WRITE, from, Math.min(CHUNK, bytes - from))
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    private ByteBuffer chunk(long at) {
        return chunks[(int) (at >>> CHUNK_SHIFT)];
    }

    long getLong(long at) {
        return chunk(at).getLong((int) (at & CHUNK_MASK));
    }

    void putLong(long at, long value) {
        chunk(at).putLong((int) (at & CHUNK_MASK), value);
    }

    int getInt(long at) {
        return chunk(at).getInt((int) (at & CHUNK_MASK));
    }

    void putInt(long at, int value) {
        chunk(at).putInt((int) (at & CHUNK_MASK), value);
    }

    short getShort(long at) {
        return chunk(at).getShort((int) (at & CHUNK_MASK));
    }

    void putShort(long at, short value) {
        chunk(at).putShort((int) (at & CHUNK_MASK), value);
    }

    byte get(long at) {
        return chunk(at).get((int) (at & CHUNK_MASK));
    }

    void put(long at, byte value) {
        chunk(at).put((int) (at & CHUNK_MASK), value);
    }

    /** Fills the bytes from one multiple of eight up to, and without, another with zeros. */
    void clear(long from, long to) {
        for (long at = from; at < to; at += Long.BYTES) {
            putLong(at, 0);
        }
    }

    /** Deletes the file. Its memory is given back once nothing refers to this object. */
    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
