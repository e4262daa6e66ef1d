package org.askfirst.tlog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A proof that a leaf is at an index of a tree (RFC 6962, section 2.1.1).
 *
 * <p>Proofs come from untrusted sources and may contain any numbers. Only {@link #verify} shows whether a proof is
 * valid.
 *
 * @param index the index of the leaf, from 0
 * @param size the size of the tree in leaves
 * @param hashes the hashes from the leaf's sibling up to the root's child
 */
public record InclusionProof(long index, long size, List<Hash> hashes) {
    /** Copies the list; the parts are not checked. */
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
            throw new IllegalArgumentException("a tree of " + size + " leaves has no leaf " + index);
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
     * Verifies that {@code leaf} is at the index of the tree with this root.
     *
     * @throws NotProvenException if the proof does not show that, for any reason
     */
    public void verify(Hash leaf, Hash root) throws NotProvenException {
        if (!root(leaf).equals(root)) {
            throw new NotProvenException("the inclusion proof leads to another root");
        }
    }

    /**
     * Returns the root that follows from this leaf and the proof, by RFC 9162, section 2.1.3.2. It proves nothing until
     * it is compared with a known root.
     *
     * @throws NotProvenException if no tree of that size has a proof of this shape for that index
     */
    private Hash root(Hash leaf) throws NotProvenException {
        if (index < 0 || index >= size) {
            throw new NotProvenException("a tree of " + size + " leaves has no leaf " + index);
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
