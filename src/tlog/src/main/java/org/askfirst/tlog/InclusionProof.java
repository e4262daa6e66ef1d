package org.askfirst.tlog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A claim that a leaf stands at an index of a tree, with the hashes that show it (RFC 6962, section 2.1.1).
 *
 * <p>It may hold any numbers, as it may come from anybody; only {@link #verify} says whether it is true.
 *
 * @param index the leaf's, from 0
 * @param size of the tree, in leaves
 * @param hashes from the leaf's sibling up to the root's child
 */
public record InclusionProof(long index, long size, List<Hash> hashes) {
    /** The parts, unchecked; the list is copied. */
    public InclusionProof {
        hashes = List.copyOf(hashes);
    }

    /**
     * Builds the proof for the leaf at {@code index} in the tree of {@code size} leaves, from one read.
     *
     * @throws IllegalArgumentException unless 0 ≤ index &lt; size
     */
    public static InclusionProof from(HashReader reader, long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no leaf " + index + " in a tree of " + size);
        }
        List<Span> siblings = new ArrayList<>();
        Span node = new Span(0, size);
        while (!node.isLeaf()) {
            Span left = node.left();
            Span right = node.right();
            boolean goLeft = index < right.start();
            siblings.add(goLeft ? right : left);
            node = goLeft ? left : right;
        }
        Collections.reverse(siblings);
        return new InclusionProof(index, size, Span.read(reader, siblings));
    }

    /**
     * Returns if {@code leaf} stands at the index of the tree with this root.
     *
     * @throws NotProvenException if the proof does not show that, for whatever reason
     */
    public void verify(Hash leaf, Hash root) throws NotProvenException {
        if (!root(leaf).equals(root)) {
            throw new NotProvenException("the inclusion proof leads to another root");
        }
    }

    /**
     * The root that the proof leads to from this leaf, by RFC 9162, section 2.1.3.2. It proves nothing until it is
     * compared with a root that is known.
     *
     * @throws NotProvenException if no tree of that size has a proof of this shape for that index
     */
    private Hash root(Hash leaf) throws NotProvenException {
        if (index < 0 || index >= size) {
            throw new NotProvenException("no leaf " + index + " in a tree of " + size);
        }
        long node = index;
        long last = size - 1;
        Hash hash = leaf;
        for (Hash sibling : hashes) {
            if (last == 0) {
                throw new NotProvenException("the inclusion proof has too many hashes");
            }
            if ((node & 1) == 1 || node == last) {
                hash = MerkleTree.nodeHash(sibling, hash);
                // A last node without a right sibling is its own parent: climb to where it is a right child.
                int climb = Long.numberOfTrailingZeros(node);
                node >>>= climb;
                last >>>= climb;
            } else {
                hash = MerkleTree.nodeHash(hash, sibling);
            }
            node >>>= 1;
            last >>>= 1;
        }
        if (last != 0) {
            throw new NotProvenException("the inclusion proof has too few hashes");
        }
        return hash;
    }
}
