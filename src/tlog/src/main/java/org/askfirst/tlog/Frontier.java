package org.askfirst.tlog;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The data that an appender needs of a tree: its size and the hashes of its complete subtrees, largest first (a compact
 * range from 0).
 *
 * <p>There is one hash for each bit set in the size, at most 63. They give the root of the tree and, together with new
 * leaves, the frontier of every larger tree. No older leaf is read. A frontier is immutable: to roll back an append,
 * drop its result.
 */
public final class Frontier {
    private static final Frontier EMPTY = new Frontier(0, List.of());

    private final long size;
    private final List<Hash> hashes;

    // INVARIANT: hashes.size() == Long.bitCount(size); the i-th set bit from the top is the number of leaves under
    // the i-th hash.
    private Frontier(long size, List<Hash> hashes) {
        this.size = size;
        this.hashes = hashes;
    }

    /** Returns the frontier of the tree without leaves. */
    public static Frontier empty() {
        return EMPTY;
    }

    /**
     * Returns the frontier of the first {@code size} leaves, from one read.
     *
     * @throws IllegalArgumentException if {@code size} is negative
     * @throws IllegalStateException if the reader breaks its promise of one hash for each subtree
     */
    public static Frontier from(HashReader reader, long size) {
        if (size == 0) {
            return EMPTY;
        }
        List<Hash> hashes = reader.read(new Span(0, size).subtrees());
        if (hashes.size() != Long.bitCount(size)) {
            throw new IllegalStateException("the reader returned " + hashes.size() + " hashes for size " + size);
        }
        return new Frontier(size, List.copyOf(hashes));
    }

    /**
     * Reads the bytes that {@link #bytes()} writes. The hashes cannot be checked here; compare the root with a known
     * one.
     *
     * @throws MalformedException if the length does not match the size at the beginning of the bytes
     */
    public static Frontier parse(byte[] bytes) throws MalformedException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long size = bytes.length < Long.BYTES ? -1 : buffer.getLong();
        if (size < 0 || buffer.remaining() != Long.bitCount(size) * Hash.BYTES) {
            throw new MalformedException("a frontier has a size and one hash for each bit set in the size");
        }
        List<Hash> hashes = new ArrayList<>();
        while (buffer.hasRemaining()) {
            hashes.add(Hash.next(buffer));
        }
        return new Frontier(size, List.copyOf(hashes));
    }

    /** Returns the size, eight bytes big-endian, and the hashes, largest subtree first: at most 2,024 bytes. */
    public byte[] bytes() {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + hashes.size() * Hash.BYTES);
        buffer.putLong(size);
        hashes.forEach(hash -> hash.put(buffer));
        return buffer.array();
    }

    /** Returns the number of leaves of the tree. */
    public long size() {
        return size;
    }

    /** Returns the hashes of the tree's complete subtrees, largest first. */
    public List<Hash> hashes() {
        return hashes;
    }

    /** Returns the root of the tree. */
    public Hash root() {
        return hashes.isEmpty() ? MerkleTree.emptyRoot() : Span.fold(hashes);
    }

    /**
     * Returns the frontier after these leaves are appended.
     *
     * @param leaves the leaf hashes, in order
     * @throws ArithmeticException if there would be more than 2<sup>63</sup>&nbsp;&minus;&nbsp;1 leaves
     */
    public Frontier append(List<Hash> leaves) {
        return append(leaves, (subtree, hash) -> {});
    }

    /**
     * Returns the frontier after these leaves are appended.
     *
     * @param leaves the leaf hashes, in order
     * @param sink receives each subtree that the leaves complete, the leaves included: at most two for each leaf and 62
     *     more
     * @throws ArithmeticException if there would be more than 2<sup>63</sup>&nbsp;&minus;&nbsp;1 leaves
     */
    public Frontier append(List<Hash> leaves, SubtreeSink sink) {
        long next = size;
        List<Hash> edge = new ArrayList<>(hashes);
        for (Hash leaf : leaves) {
            long grown = Math.addExact(next, 1);
            Hash hash = leaf;
            sink.completed(new Subtree(0, next), hash);
            // As in a binary addition of one, each carry joins two subtrees of equal size.
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

    /** Returns the size and the root, for people. */
    @Override
    public String toString() {
        return size + " leaves, root " + root();
    }
}
