package org.askfirst.registry.asked;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.datasketches.frequencies.LongsSketch;
import org.jspecify.annotations.Nullable;

/**
 * The counts of one node in some seconds of a day, in the form in which they are stored.
 *
 * <p>The cells begin with the number of askers and 16 bytes for each. Then each cell has its position times 2, plus 1 if
 * it counts a work; the work in 8 bytes if it does; the place of its asker; and its count. Numbers are unsigned LEB128.
 *
 * @param node this run of the node
 * @param sequence the number of the chunk within the run, from 1
 * @param since the beginning of the time in which the lookups came
 * @param until its end
 * @param sketch the works that were not counted one by one, as DataSketches writes a {@code LongsSketch}; null if each
 *     was
 * @param uncounted the lookups that were counted for no declaration
 */
record Chunk(
        UUID node,
        long sequence,
        LocalDate day,
        Instant since,
        Instant until,
        ByteBuffer cells,
        @Nullable String sketch,
        long uncounted) {
    private static final int ASKER_BYTES = 16;

    /** Returns the tables of one day as a chunk. */
    static Chunk of(UUID node, long sequence, List<CellTable> tables, Instant since, Instant until) {
        Map<UUID, Integer> askers = new HashMap<>();
        List<UUID> inOrder = new ArrayList<>();
        ByteArrayOutputStream cells = new ByteArrayOutputStream();
        LongsSketch sketch = null;
        long uncounted = 0;
        for (CellTable table : tables) {
            table.forEach((position, work, asker, lookups) -> {
                Integer place = askers.get(asker);
                if (place == null) {
                    place = inOrder.size();
                    askers.put(asker, place);
                    inOrder.add(asker);
                }
                write(cells, position << 1 | (work == 0 ? 0 : 1));
                if (work != 0) {
                    cells.writeBytes(
                            ByteBuffer.allocate(Long.BYTES).putLong(work).array());
                }
                write(cells, place);
                write(cells, lookups);
            });
            uncounted += table.uncounted();
            LongsSketch more = table.sketch();
            if (more != null) {
                sketch = sketch == null ? more : sketch.merge(more);
            }
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream(cells.size() + ASKER_BYTES * (inOrder.size() + 1));
        write(whole, inOrder.size());
        for (UUID asker : inOrder) {
            whole.writeBytes(ByteBuffer.allocate(ASKER_BYTES)
                    .putLong(asker.getMostSignificantBits())
                    .putLong(asker.getLeastSignificantBits())
                    .array());
        }
        whole.writeBytes(cells.toByteArray());
        return new Chunk(
                node,
                sequence,
                tables.get(0).day(),
                since,
                until,
                ByteBuffer.wrap(whole.toByteArray()),
                sketch == null ? null : sketch.serializeToString(),
                uncounted);
    }

    private static void write(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** Reads the cells of a chunk, from any of them on. */
    static final class Reader {
        private final ByteBuffer bytes;
        private final UUID[] askers;

        /**
         * Reads the askers.
         *
         * @param from the place of the next cell, as {@link #place()} returned it; 0 for the first
         */
        Reader(ByteBuffer cells, int from) {
            bytes = cells.duplicate();
            askers = new UUID[(int) read()];
            for (int i = 0; i < askers.length; i++) {
                askers[i] = new UUID(bytes.getLong(), bytes.getLong());
            }
            if (from > 0) {
                bytes.position(from);
            }
        }

        private long read() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = bytes.get();
                value |= (next & 0x7FL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        /** Passes the next cell to the visitor; returns false if there is none. */
        boolean next(CellTable.Visitor visitor) {
            if (!bytes.hasRemaining()) {
                return false;
            }
            long position = read();
            long work = (position & 1) == 0 ? 0 : bytes.getLong();
            UUID asker = askers[(int) read()];
            visitor.cell(position >>> 1, work, asker, read());
            return true;
        }

        /** Returns the place of the next cell. */
        int place() {
            return bytes.position();
        }
    }
}
