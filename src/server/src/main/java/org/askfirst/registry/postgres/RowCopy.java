package org.askfirst.registry.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows on their way into a table, in the binary format of PostgreSQL's {@code COPY}: how many rows go in at once.
 *
 * <p>A row is begun with {@link #row} and has its values added in the order of the columns, each as the type that its
 * column has.
 */
public final class RowCopy {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int FLAGS_AND_EXTENSION = 8;
    private static final short END = -1;

    /** What a small heap gives without a collection: G1 calls half a megabyte humongous there. */
    private static final int BLOCK = 1 << 18;

    private static final int NULL = -1;
    private static final long MICROS = 1_000_000;

    /** Since when PostgreSQL counts, in seconds of Java's time. */
    private static final long POSTGRES_EPOCH =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();

    private final String sql;
    private final short columns;
    private final List<byte[]> full = new ArrayList<>();
    private ByteBuffer buffer = ByteBuffer.allocate(1 << 12);
    private int rows;

    /** Rows of those columns of that table. */
    public RowCopy(String table, String... columns) {
        this.sql = "copy " + table + " (" + String.join(", ", columns) + ") from stdin (format binary)";
        this.columns = (short) columns.length;
        buffer.put(SIGNATURE).put(new byte[FLAGS_AND_EXTENSION]);
    }

    /** Begins a row. */
    public RowCopy row() {
        rows++;
        room(Short.BYTES).putShort(columns);
        return this;
    }

    /** {@code bigint}. */
    public RowCopy add(long value) {
        value(Long.BYTES).putLong(value);
        return this;
    }

    /** {@code integer}. */
    public RowCopy add(int value) {
        value(Integer.BYTES).putInt(value);
        return this;
    }

    /** {@code boolean}. */
    public RowCopy add(boolean value) {
        value(1).put((byte) (value ? 1 : 0));
        return this;
    }

    /** {@code uuid}. */
    public RowCopy add(UUID value) {
        value(2 * Long.BYTES).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
        return this;
    }

    /** {@code uuid}, or nothing. */
    public RowCopy addOrNull(@Nullable UUID value) {
        if (value == null) {
            room(Integer.BYTES).putInt(NULL);
            return this;
        }
        return add(value);
    }

    /** {@code bytea}. */
    public RowCopy add(byte[] value) {
        value(value.length).put(value);
        return this;
    }

    /** {@code text}. */
    public RowCopy add(String value) {
        return add(value.getBytes(StandardCharsets.UTF_8));
    }

    /** {@code timestamptz}, which keeps microseconds. */
    public RowCopy add(@Nullable Instant value) {
        if (value == null) {
            room(Integer.BYTES).putInt(NULL);
            return this;
        }
        // Not by ChronoUnit, which counts nanoseconds on the way and ends in the year 2262.
        return add((value.getEpochSecond() - POSTGRES_EPOCH) * MICROS + value.getNano() / 1000);
    }

    private ByteBuffer value(int length) {
        return room(Integer.BYTES + length).putInt(length);
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            full.add(Arrays.copyOf(buffer.array(), buffer.position()));
            buffer = buffer.capacity() < BLOCK || bytes > buffer.capacity()
                    ? ByteBuffer.allocate(Math.max(bytes, Math.min(2 * buffer.capacity(), BLOCK)))
                    : buffer.clear();
        }
        return buffer;
    }

    /** Writes all rows; once. */
    public void into(Connection connection) throws SQLException {
        if (rows == 0) {
            return;
        }
        room(Short.BYTES).putShort(END);
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            for (byte[] block : full) {
                copy.writeToCopy(block, 0, block.length);
            }
            copy.writeToCopy(buffer.array(), 0, buffer.position());
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }
}
