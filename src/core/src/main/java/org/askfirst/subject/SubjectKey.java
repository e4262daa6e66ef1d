package org.askfirst.subject;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * SHA-256 of a canonical subject in UTF-8: what database, index, range API, filter and snapshot are keyed by.
 *
 * <p>Ordered as its 32 bytes are, each taken as unsigned; {@link #prefix64()} is a prefix of that order.
 */
public final class SubjectKey implements Comparable<SubjectKey> {
    /** The length of a key in bytes. */
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
     * The key with these bytes.
     *
     * @throws IllegalArgumentException if there are not {@value #BYTES} of them
     */
    public static SubjectKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("A key has " + BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new SubjectKey(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    /** The key with these four words. */
    public static SubjectKey of(long[] words) {
        return new SubjectKey(words[0], words[1], words[2], words[3]);
    }

    /**
     * The key written as 64 hexadecimal digits of either case.
     *
     * @throws IllegalArgumentException if they are not
     */
    public static SubjectKey fromHex(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    /** The first eight bytes, big-endian; compare with {@link Long#compareUnsigned}. */
    public long prefix64() {
        return first;
    }

    /** One of four words of eight bytes, big-endian; word 0 is {@link #prefix64()}. */
    public long word(int i) {
        return switch (i) {
            case 0 -> first;
            case 1 -> second;
            case 2 -> third;
            case 3 -> fourth;
            default -> throw new IndexOutOfBoundsException(i);
        };
    }

    /** The 32 bytes, in a new array. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
    }

    /** The 32 bytes as 64 lower-case hexadecimal digits. */
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

    /** The bytes are a cryptographic hash: any of them will do. */
    @Override
    public int hashCode() {
        return Long.hashCode(first);
    }

    @Override
    public String toString() {
        return hex();
    }
}
