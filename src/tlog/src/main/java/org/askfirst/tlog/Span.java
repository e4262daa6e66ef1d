package org.askfirst.tlog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A node of the tree of RFC 6962, section 2.1: the leaves from {@code start} to before {@code end}.
 *
 * <p>Spans come only from the whole tree by {@link #left()} and {@link #right()}. INVARIANT: {@code start} is a
 * multiple of the smallest power of two that is not less than the length, because each split is at the largest power
 * of two less than the length; so a span is made of complete subtrees that shrink from left to right.
 */
record Span(long start, long end) {
    Span {
        if (start < 0 || start >= end) {
            throw new IllegalArgumentException("no leaves from " + start + " to " + end);
        }
    }

    boolean isLeaf() {
        return end - start == 1;
    }

    /** Where RFC 6962 splits: the largest power of two less than the length, from the start. */
    private long middle() {
        return start + Long.highestOneBit(end - start - 1);
    }

    /** The left child; only of a span that is not a leaf. */
    Span left() {
        return new Span(start, middle());
    }

    /** The right child; only of a span that is not a leaf. */
    Span right() {
        return new Span(middle(), end);
    }

    /** The complete subtrees it is made of, the largest first: one for each bit of the length. */
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
     * The hashes of these spans, in order, from one read.
     *
     * @throws IllegalStateException if the reader breaks its promise of one hash a subtree
     */
    static List<Hash> read(HashReader reader, List<Span> spans) {
        List<Subtree> wanted =
                spans.stream().flatMap(span -> span.subtrees().stream()).toList();
        List<Hash> read = wanted.isEmpty() ? List.of() : reader.read(wanted);
        if (read.size() != wanted.size()) {
            throw new IllegalStateException(
                    "the reader was asked for " + wanted.size() + " hashes and gave " + read.size());
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
     * The hash over complete subtrees that shrink from left to right; there must be one.
     *
     * <p>The largest is the left child of the whole, because the rest together is smaller than it: so the tree
     * leans on its right edge and is folded from there.
     */
    static Hash fold(List<Hash> shrinking) {
        Deque<Hash> left = new ArrayDeque<>(shrinking);
        Hash folded = left.removeLast();
        while (!left.isEmpty()) {
            folded = MerkleTree.nodeHash(left.removeLast(), folded);
        }
        return folded;
    }
}
