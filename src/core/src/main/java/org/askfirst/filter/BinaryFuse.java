package org.askfirst.filter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A binary fuse filter with fingerprints of 16 bits (Graf and Lemire, 2022). It contains every number of its set, and one
 * of 65,536 others. Its bytes are those of {@code binary_fuse16} in the C library {@code FastFilter/xor_singleheader}.
 * {@link FuseBuilder} writes them.
 */
final class BinaryFuse {
    private static final int HEADER_BYTES = 28;
    private static final int BUFFER = 1 << 16;

    private final FuseShape shape;
    private final short[] fingerprints;

    private BinaryFuse(FuseShape shape) {
        this.shape = shape;
        this.fingerprints = new short[Math.toIntExact(shape.slots())];
    }

    /** Returns true if the number is in the set, and for one of 65,536 others. */
    boolean contains(long number) {
        long hash = shape.hash(number);
        int sum = fingerprints[shape.slot(0, hash)]
                ^ fingerprints[shape.slot(1, hash)]
                ^ fingerprints[shape.slot(2, hash)];
        return (short) sum == FuseShape.fingerprint(hash);
    }

    /**
     * Reads a filter.
     *
     * @param length the number of bytes that the filter has
     * @param count the number of hashes that it must have
     * @throws Filter.DamagedException if the bytes are no filter; nothing is allocated then
     */
    static BinaryFuse read(InputStream in, long length, long count) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(in.readNBytes(HEADER_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        if (header.remaining() < HEADER_BYTES) {
            throw new Filter.DamagedException("it ends early");
        }
        long seed = header.getLong();
        long size = Integer.toUnsignedLong(header.getInt());
        long segmentLength = Integer.toUnsignedLong(header.getInt());
        long segmentCount = Integer.toUnsignedLong(header.getInt());
        long segmentCountLength = Integer.toUnsignedLong(header.getInt());
        long arrayLength = Integer.toUnsignedLong(header.getInt());
        if (size != count
                || count > FuseShape.MOST
                || Long.bitCount(segmentLength) != 1
                || segmentLength > FuseShape.GREATEST_SEGMENT
                || segmentCount < 1
                || segmentCountLength != segmentCount * segmentLength
                || arrayLength != segmentCountLength + (FuseShape.ARITY - 1) * segmentLength
                || length != HEADER_BYTES + arrayLength * Short.BYTES
                || arrayLength > Integer.MAX_VALUE - 8) {
            throw new Filter.DamagedException("its numbers do not fit its length");
        }
        BinaryFuse filter = new BinaryFuse(new FuseShape(seed, (int) segmentLength, (int) segmentCount));
        byte[] bytes = new byte[BUFFER];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        while (at < filter.fingerprints.length) {
            int wanted = (int) Math.min(BUFFER, (long) (filter.fingerprints.length - at) * Short.BYTES);
            if (in.readNBytes(bytes, 0, wanted) < wanted) {
                throw new Filter.DamagedException("it ends early");
            }
            buffer.clear().limit(wanted);
            buffer.asShortBuffer().get(filter.fingerprints, at, wanted / Short.BYTES);
            at += wanted / Short.BYTES;
        }
        return filter;
    }
}
