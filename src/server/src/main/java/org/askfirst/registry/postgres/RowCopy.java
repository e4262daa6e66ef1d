package org.askfirst.registry.postgres;

import java.math.BigDecimal;
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
 * Inserts many rows into a table with the binary format of PostgreSQL's {@code COPY}.
 *
 * <p>Begin each row with {@link #row}. Then add its values in the order of the columns, each with the type of its
 * column.
 */
public final class RowCopy {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int FLAGS_AND_EXTENSION = 8;
    private static final short END = -1;

    /** 256 KB. With small heaps, G1 treats 512 KB arrays as humongous and starts a collection for them. */
    private static final int BLOCK = 1 << 18;

    private static final int NULL = -1;
    private static final long MICROS = 1_000_000;

    /** Number of decimal digits of one digit of a {@code numeric}. */
    private static final int DIGITS = 4;

    private static final int MAX_SCALE = 16_383;
    private static final short NEGATIVE = 0x4000;

    /** The epoch of PostgreSQL's timestamps, in seconds since the Unix epoch. */
    private static final long POSTGRES_EPOCH =
            Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();

    private final String sql;
    private final short columns;
    private final List<byte[]> full = new ArrayList<>();
    private ByteBuffer buffer = ByteBuffer.allocate(1 << 12);
    private int rows;

    /** Creates an empty copy for these columns of the table. */
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

    /** Adds a {@code bigint}. */
    public RowCopy add(long value) {
        value(Long.BYTES).putLong(value);
        return this;
    }

    /** Adds an {@code integer}. */
    public RowCopy add(int value) {
        value(Integer.BYTES).putInt(value);
        return this;
    }

    /** Adds a {@code boolean}. */
    public RowCopy add(boolean value) {
        value(1).put((byte) (value ? 1 : 0));
        return this;
    }

    /** Adds a {@code uuid}. */
    public RowCopy add(UUID value) {
        value(2 * Long.BYTES).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
        return this;
    }

    /** Adds a {@code uuid} or null. */
    public RowCopy addOrNull(@Nullable UUID value) {
        if (value == null) {
            room(Integer.BYTES).putInt(NULL);
            return this;
        }
        return add(value);
    }

    /** Adds a {@code bytea}. */
    public RowCopy add(byte[] value) {
        value(value.length).put(value);
        return this;
    }

    /** Adds a {@code text}. */
    public RowCopy add(String value) {
        return add(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a {@code text} or null. */
    public RowCopy addOrNull(@Nullable String value) {
        if (value == null) {
            room(Integer.BYTES).putInt(NULL);
            return this;
        }
        return add(value);
    }

    /** Adds a {@code smallint}. */
    public RowCopy add(short value) {
        value(Short.BYTES).putShort(value);
        return this;
    }

    /**
     * Adds a {@code numeric}. Its scale is kept.
     *
     * @param value with a scale from 0 to 16,383
     */
    public RowCopy add(BigDecimal value) {
        if (value.scale() < 0 || value.scale() > MAX_SCALE) {
            throw new IllegalArgumentException("a number with this scale cannot be written: " + value.scale());
        }
        // The digits have the base 10,000. The point lies between two of them, so both sides are filled with zeros.
        int after = (value.scale() + DIGITS - 1) / DIGITS;
        String digits = value.unscaledValue().abs().toString() + "0".repeat(after * DIGITS - value.scale());
        digits = "0".repeat((DIGITS - digits.length() % DIGITS) % DIGITS) + digits;
        short count = value.signum() == 0 ? 0 : (short) (digits.length() / DIGITS);
        ByteBuffer to = value(Short.BYTES * (4 + count));
        to.putShort(count)
                .putShort((short) (count == 0 ? 0 : count - after - 1))
                .putShort(value.signum() < 0 ? NEGATIVE : 0)
                .putShort((short) value.scale());
        for (int i = 0; i < count; i++) {
            to.putShort(Short.parseShort(digits.substring(i * DIGITS, (i + 1) * DIGITS)));
        }
        return this;
    }

    /** Adds a {@code timestamptz}, which has microseconds, or null. */
    public RowCopy add(@Nullable Instant value) {
        if (value == null) {
            room(Integer.BYTES).putInt(NULL);
            return this;
        }
        // ChronoUnit.MICROS.between overflows after the year 2262, because it counts nanoseconds in between.
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

    /** Writes all rows to the table. It may be called only once. */
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
