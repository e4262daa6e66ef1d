package org.askfirst.tlog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A proof that a tree begins with all leaves of an older one (RFC 6962, section 2.1.2).
 *
 * <p>Proofs come from untrusted sources and may contain any numbers. Only {@link #verify} shows whether a proof is
 * valid.
 *
 * @param oldSize the size of the older tree in leaves
 * @param newSize the size of the newer tree in leaves
 * @param hashes the hashes in the order of RFC 6962; empty if the sizes are equal
 */
public record ConsistencyProof(long oldSize, long newSize, List<Hash> hashes) {
    /** Copies the list; the parts are not checked. */
    public ConsistencyProof {
        hashes = List.copyOf(hashes);
    }

    /**
     * Builds the proof that the tree of {@code newSize} leaves begins with the tree of {@code oldSize} leaves, from one
     * read.
     *
     * @throws IllegalArgumentException unless 0 &lt; oldSize ≤ newSize; for the empty tree there is nothing to prove
     */
    public static ConsistencyProof from(HashReader reader, long oldSize, long newSize) {
        if (oldSize <= 0 || oldSize > newSize) {
            throw new IllegalArgumentException(
                    "there is no consistency proof from size " + oldSize + " to size " + newSize);
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
        // After left turns only, this node is the whole old tree, whose root the verifier has.
        if (node.start() > 0) {
            spans.add(node);
        }
        Collections.reverse(spans);
        return new ConsistencyProof(oldSize, newSize, Span.read(reader, spans));
    }

    /**
     * Verifies that the tree with {@code newRoot} begins with all leaves of the tree with {@code oldRoot}, by RFC 9162,
     * section 2.1.4.2.
     *
     * @throws NotProvenException if the proof does not show that, for any reason; also if {@code oldSize} is 0, because
     *     every tree begins with the empty one, so the proof would show nothing
     */
    public void verify(Hash oldRoot, Hash newRoot) throws NotProvenException {
        if (oldSize <= 0 || oldSize > newSize) {
            throw new NotProvenException("there is no consistency proof from size " + oldSize + " to size " + newSize);
        }
        if (oldSize == newSize) {
            if (!hashes.isEmpty() || !oldRoot.equals(newRoot)) {
                throw new NotProvenException("trees of the same size are consistent only if they are equal");
            }
            return;
        }
        if (hashes.isEmpty()) {
            throw new NotProvenException("the consistency proof is empty");
        }
        // Both folds begin at the largest complete subtree at the right edge of the old tree. The proof has its hash,
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
                // A left sibling is in both trees.
                oldHash = MerkleTree.nodeHash(hash, oldHash);
                newHash = MerkleTree.nodeHash(hash, newHash);
                int rise = Long.numberOfTrailingZeros(node);
                node >>>= rise;
                last >>>= rise;
            } else {
                // A right sibling is in the new tree only.
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
