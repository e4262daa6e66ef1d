package org.askfirst.tlog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A claim that a tree begins with all the leaves of an older one, with the hashes that show it (RFC 6962,
 * section 2.1.2).
 *
 * <p>It may hold any numbers, as it may come from anybody; only {@link #verify} says whether it is true.
 *
 * @param oldSize of the older tree, in leaves
 * @param newSize of the newer tree, in leaves
 * @param hashes in the order of RFC 6962; empty if the sizes are equal
 */
public record ConsistencyProof(long oldSize, long newSize, List<Hash> hashes) {
    /** The parts, unchecked; the list is copied. */
    public ConsistencyProof {
        hashes = List.copyOf(hashes);
    }

    /**
     * Builds the proof that the tree of {@code newSize} leaves begins with the one of {@code oldSize}, from one read.
     *
     * @throws IllegalArgumentException unless 0 &lt; oldSize ≤ newSize; of the empty tree there is nothing to prove
     */
    public static ConsistencyProof from(HashReader reader, long oldSize, long newSize) {
        if (oldSize <= 0 || oldSize > newSize) {
            throw new IllegalArgumentException("no consistency from size " + oldSize + " to size " + newSize);
        }
        List<Span> spans = new ArrayList<>();
        Span node = new Span(0, newSize);
        while (node.end() != oldSize) {
            Span left = node.left();
            Span right = node.right();
            boolean goLeft = oldSize <= right.start();
            spans.add(goLeft ? right : left);
            node = goLeft ? left : right;
        }
        // Where only left turns led here, this node is the whole old tree, whose root the verifier has.
        if (node.start() > 0) {
            spans.add(node);
        }
        Collections.reverse(spans);
        return new ConsistencyProof(oldSize, newSize, Span.read(reader, spans));
    }

    /**
     * Returns if the tree with {@code newRoot} begins with all the leaves of the tree with {@code oldRoot}, by
     * RFC 9162, section 2.1.4.2.
     *
     * @throws NotProvenException if the proof does not show that, for whatever reason; also if {@code oldSize} is 0,
     *     because every tree begins with the empty one and a proof of it says nothing
     */
    public void verify(Hash oldRoot, Hash newRoot) throws NotProvenException {
        if (oldSize <= 0 || oldSize > newSize) {
            throw new NotProvenException("no consistency from size " + oldSize + " to size " + newSize);
        }
        if (oldSize == newSize) {
            if (!hashes.isEmpty() || !oldRoot.equals(newRoot)) {
                throw new NotProvenException("trees of one size are consistent only if they are the same");
            }
            return;
        }
        if (hashes.isEmpty()) {
            throw new NotProvenException("the consistency proof is empty");
        }
        // The largest complete subtree at the right edge of the old tree is where both folds begin. It is given,
        // unless it is the whole old tree.
        int climb = Long.numberOfTrailingZeros(oldSize);
        long node = (oldSize - 1) >>> climb;
        long last = (newSize - 1) >>> climb;
        boolean givenFirst = node != 0;
        Hash oldHash = givenFirst ? hashes.get(0) : oldRoot;
        Hash newHash = oldHash;
        for (Hash hash : hashes.subList(givenFirst ? 1 : 0, hashes.size())) {
            if (last == 0) {
                throw new NotProvenException("the consistency proof has too many hashes");
            }
            if ((node & 1) == 1 || node == last) {
                // Left of both edges: in the old tree and in the new one.
                oldHash = MerkleTree.nodeHash(hash, oldHash);
                newHash = MerkleTree.nodeHash(hash, newHash);
                int rise = Long.numberOfTrailingZeros(node);
                node >>>= rise;
                last >>>= rise;
            } else {
                // Right of the old edge: in the new tree only.
                newHash = MerkleTree.nodeHash(newHash, hash);
            }
            node >>>= 1;
            last >>>= 1;
        }
        if (last != 0) {
            throw new NotProvenException("the consistency proof has too few hashes");
        }
        if (!oldHash.equals(oldRoot)) {
            throw new NotProvenException("the consistency proof leads to another old root");
        }
        if (!newHash.equals(newRoot)) {
            throw new NotProvenException("the consistency proof leads to another new root");
        }
    }
}
