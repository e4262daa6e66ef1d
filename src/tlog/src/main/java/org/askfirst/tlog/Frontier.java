package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * All that an appender must remember of a tree: its size and the hashes of the complete subtrees it is made of, the
 * largest first (a compact range from 0).
 *
 * <p>One hash for each bit set in the size, at most 63. From it the tree's root follows, and the frontier of every
 * larger tree once the further leaves are known, without reading an older leaf. Immutable: an append that has to be
 * rolled back is forgotten by forgetting its result.
 */
public final class Frontier {
    private static final Frontier EMPTY = new Frontier(0, List.of());

    private final long size;
    private final List<Hash> hashes;

    // INVARIANT: hashes.size() == Long.bitCount(size); the i-th set bit from the top says how many leaves are under
    // the i-th hash.
    private Frontier(long size, List<Hash> hashes) {
        this.size = size;
        this.hashes = hashes;
    }

    /** The frontier of the tree without leaves. */
    public static Frontier empty() {
        return EMPTY;
    }

    /**
     * The frontier of the first {@code size} leaves, from one read.
     *
     * @throws IllegalArgumentException if {@code size} is negative
     */
    public static Frontier from(HashReader reader, long size) {
        if (size == 0) {
            return EMPTY;
        }
        List<Hash> hashes = reader.read(new Span(0, size).subtrees());
        if (hashes.size() != Long.bitCount(size)) {
            throw new IllegalStateException("the reader gave " + hashes.size() + " hashes for size " + size);
        }
        return new Frontier(size, List.copyOf(hashes));
    }

    /**
     * Reads what {@link #bytes()} wrote.
     *
     * @throws MalformedException if the length does not fit the size that the bytes begin with; the hashes themselves
     *     cannot be checked here, only the root they lead to
     */
    public static Frontier parse(byte[] bytes) throws MalformedException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long size = bytes.length < Long.BYTES ? -1 : buffer.getLong();
        if (size < 0 || buffer.remaining() != Long.bitCount(size) * Hash.BYTES) {
            throw new MalformedException("a frontier is a size and one hash for each bit set in it");
        }
        List<Hash> hashes = new ArrayList<>();
        while (buffer.hasRemaining()) {
            hashes.add(Hash.next(buffer));
        }
        return new Frontier(size, List.copyOf(hashes));
    }

    /** The size, eight bytes big-endian, and the hashes, the largest subtree first: at most 2,024 bytes. */
    public byte[] bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + hashes.size() * Hash.BYTES);
        buffer.putLong(size);
        hashes.forEach(hash -> hash.put(buffer));
        return buffer.array();
    }

    /** How many leaves the tree has. */
    public long size() {
        return size;
    }

    /** The hashes of the complete subtrees that the tree is made of, the largest first. */
    public List<Hash> hashes() {
        return hashes;
    }

    /** The root of the tree. */
    public Hash root() {
        return hashes.isEmpty() ? MerkleTree.emptyRoot() : Span.fold(hashes);
    }

    /** The frontier after these leaves too, given by their hashes in order. */
    public Frontier append(List<Hash> leaves) {
        return append(leaves, (subtree, hash) -> {});
    }

    /**
     * The frontier after these leaves too, given by their hashes in order.
     *
     * @param sink is told of each subtree that they complete, the leaves among them: at most two for each leaf and
     *     62 more
     * @throws ArithmeticException if there would be more than 2<sup>63</sup>&nbsp;&minus;&nbsp;1 leaves
     */
    public Frontier append(List<Hash> leaves, SubtreeSink sink) {
        long next = size;
        List<Hash> edge = new ArrayList<>(hashes);
        for (Hash leaf : leaves) {
            long grown = Math.addExact(next, 1);
            Hash hash = leaf;
            sink.completed(new Subtree(0, next), hash);
            // As in adding one to a binary number: each carry joins two subtrees of one size.
            int carries = Long.numberOfTrailingZeros(grown);
            for (int level = 1; level <= carries; level++) {
                hash = MerkleTree.nodeHash(edge.remove(edge.size() - 1), hash);
                sink.completed(new Subtree(level, next >>> level), hash);
            }
            edge.add(hash);
            next = grown;
        }
        return new Frontier(next, List.copyOf(edge));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Frontier frontier && size == frontier.size && hashes.equals(frontier.hashes);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(size) * 31 + hashes.hashCode();
    }

    /** The size and the root, for people. */
    @Override
    public String toString() {
        return size + " leaves, root " + root();
    }
}
