package org.askfirst.tlog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A node of the tree of RFC 6962, section 2.1: the leaves from {@code start} up to, and without, {@code end}.
 *
 * <p>Spans are created only from the whole tree by {@link #left()} and {@link #right()}. INVARIANT: {@code start} is a
 * multiple of the smallest power of two that is not less than the length, because each split is at the largest power of
 * two less than the length. A span therefore consists of complete subtrees whose size decreases from left to right.
 */
record Span(long start, long end) {
    Span {
        if (start < 0 || start >= end) {
            throw new IllegalArgumentException("a span from " + start + " to " + end + " has no leaves");
        }
    }

    boolean isLeaf() {
        return end - start == 1;
    }

    /**
     * Returns the place of the split in RFC 6962: the largest power of two less than the length, counted from the
     * start.
     */
    private long middle() {
        return start + Long.highestOneBit(end - start - 1);
    }

    /** Returns the left child; a leaf has none. */
    Span left() {
        return new Span(start, middle());
    }

    /** Returns the right child; a leaf has none. */
    Span right() {
        return new Span(middle(), end);
    }

    /** Returns the complete subtrees of the span, largest first: one for each bit set in the length. */
    List<Subtree> subtrees() {
        List<Subtree> subtrees = new ArrayList<>();
        for (long from = start; from < end; ) {
            int level = Long.SIZE - 1 - Long.numberOfLeadingZeros(end - from);
            Subtree subtree = new Subtree(level, from >>> level);
            subtrees.add(subtree);
            from = subtree.end();
        }
        return subtrees;
    }

    /**
     * Returns the hashes of these spans, in order, from one read.
     *
     * @throws IllegalStateException if the reader breaks its promise of one hash for each subtree
     */
    static List<Hash> read(HashReader reader, List<Span> spans) {
        List<Subtree> subtrees =
                spans.stream().flatMap(span -> span.subtrees().stream()).toList();
        List<Hash> read = subtrees.isEmpty() ? List.of() : reader.read(subtrees);
        if (read.size() != subtrees.size()) {
            throw new IllegalStateException(
                    "the reader was asked for " + subtrees.size() + " hashes and returned " + read.size());
        }
        List<Hash> hashes = new ArrayList<>(spans.size());
        int from = 0;
        for (Span span : spans) {
            int to = from + Long.bitCount(span.end - span.start);
            hashes.add(fold(read.subList(from, to)));
            from = to;
        }
        return hashes;
    }

    /**
     * Returns the hash over one or more complete subtrees whose size decreases from left to right.
     *
     * <p>The largest is the left child of the whole, because all others together are smaller than it. The fold
     * therefore begins at the right.
     */
    static Hash fold(List<Hash> decreasing) {
        Deque<Hash> left = new ArrayDeque<>(decreasing);
        Hash folded = left.removeLast();
        while (!left.isEmpty()) {
            folded = MerkleTree.nodeHash(left.removeLast(), folded);
        }
        return folded;
    }
}
