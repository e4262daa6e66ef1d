package org.askfirst.subject;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The SHA-256 of a canonical subject in UTF-8: the key of tables, the index and range calls.
 *
 * <p>Keys are ordered by their 32 bytes, each as an unsigned number. {@link #prefix64()} is a prefix in this order.
 */
public final class SubjectKey implements Comparable<SubjectKey> {
    /** The number of bytes of a key. */
    public static final int BYTES = 32;

    private final long first;
    private final long second;
    private final long third;
    private final long fourth;

    SubjectKey(long first, long second, long third, long fourth) {
        this.first = first;
        this.second = second;
        this.third = third;
        this.fourth = fourth;
    }

    /**
     * Returns the key with these bytes.
     *
     * @throws IllegalArgumentException if there are not exactly {@value #BYTES}
     */
    public static SubjectKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a key has " + BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new SubjectKey(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    /** Returns the key with these four words. */
    public static SubjectKey of(long[] words) {
        return new SubjectKey(words[0], words[1], words[2], words[3]);
    }

    /**
     * Reads 64 hexadecimal digits of either case.
     *
     * @throws IllegalArgumentException if the text is not that
     */
    public static SubjectKey fromHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    /** Returns the first eight bytes, big-endian; compare them with {@link Long#compareUnsigned}. */
    public long prefix64() {
        return first;
    }

    /** Returns one of four words of eight bytes, big-endian; word 0 is {@link #prefix64()}. */
    public long word(int i) {
        return switch (i) {
            case 0 -> first;
            case 1 -> second;
            case 2 -> third;
            case 3 -> fourth;
            default -> throw new IndexOutOfBoundsException(i);
        };
    }

    /** Returns the 32 bytes in a new array. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
    }

    /** Returns the 32 bytes as 64 lower-case hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(toBytes());
    }

    @Override
    public int compareTo(SubjectKey other) {
        int order = Long.compareUnsigned(first, other.first);
        if (order == 0) {
            order = Long.compareUnsigned(second, other.second);
        }
        if (order == 0) {
            order = Long.compareUnsigned(third, other.third);
        }
        return order == 0 ? Long.compareUnsigned(fourth, other.fourth) : order;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SubjectKey key
                && first == key.first
                && second == key.second
                && third == key.third
                && fourth == key.fourth;
    }

    /** Returns some of the bytes: they are a cryptographic hash, so any will do. */
    @Override
    public int hashCode() {
        return Long.hashCode(first);
    }

    @Override
    public String toString() {
        return hex();
    }
}
