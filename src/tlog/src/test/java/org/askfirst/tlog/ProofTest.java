package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every proof of every small tree, and every small change of one, which must be refused. */
class ProofTest {
    private static final int LARGEST = 130;
    private static final int LARGEST_MUTATED = 40;
    private static final List<Hash> LEAVES = RecursiveTree.leaves(LARGEST);
    private static final HashReader READER = RecursiveTree.reader(LEAVES);
    private static final List<Hash> ROOTS = IntStream.rangeClosed(0, LARGEST)
            .mapToObj(size -> RecursiveTree.root(LEAVES.subList(0, size)))
            .toList();

    @Test
    void everyInclusionProofIsThatOfTheStandardAndVerifies() throws NotProvenException {
        for (int size = 1; size <= LARGEST; size++) {
            for (int index = 0; index < size; index++) {
                InclusionProof proof = InclusionProof.from(READER, index, size);
                assertEquals(RecursiveTree.path(index, LEAVES.subList(0, size)), proof.hashes());
                proof.verify(LEAVES.get(index), ROOTS.get(size));
            }
        }
    }

    @Test
    void everyConsistencyProofIsThatOfTheStandardAndVerifies() throws NotProvenException {
        for (int newSize = 1; newSize <= LARGEST; newSize++) {
            for (int oldSize = 1; oldSize <= newSize; oldSize++) {
                ConsistencyProof proof = ConsistencyProof.from(READER, oldSize, newSize);
                assertEquals(RecursiveTree.proof(oldSize, LEAVES.subList(0, newSize)), proof.hashes());
                proof.verify(ROOTS.get(oldSize), ROOTS.get(newSize));
            }
        }
    }

    @Test
    void noInclusionProofSurvivesAChange() {
        int refused = 0;
        for (int size = 1; size <= LARGEST_MUTATED; size++) {
            Hash root = ROOTS.get(size);
            for (int index = 0; index < size; index++) {
                Hash leaf = LEAVES.get(index);
                List<Hash> hashes = InclusionProof.from(READER, index, size).hashes();
                for (List<Hash> changed : changes(hashes)) {
                    refuses(new InclusionProof(index, size, changed), leaf, root);
                    refused++;
                }
                for (int other = -1; other <= size; other++) {
                    if (other != index) {
                        refuses(new InclusionProof(other, size, hashes), leaf, root);
                        refused++;
                    }
                }
                InclusionProof proof = new InclusionProof(index, size, hashes);
                refuses(proof, flip(leaf, 17), root);
                refuses(proof, leaf, flip(root, 200));
                refuses(proof, leaf, ROOTS.get(size - 1));
                refuses(new InclusionProof(index, 0, hashes), leaf, root);
                refuses(new InclusionProof(index, -1, hashes), leaf, root);
                refuses(new InclusionProof(index, Long.MIN_VALUE, hashes), leaf, root);
                refuses(new InclusionProof(index, Long.MAX_VALUE, hashes), leaf, root);
                refuses(new InclusionProof(Long.MAX_VALUE, Long.MAX_VALUE, hashes), leaf, root);
            }
        }
        assertTrue(refused > 10_000, "only " + refused + " were tried");
    }

    @Test
    void noConsistencyProofSurvivesAChange() {
        int refused = 0;
        for (int newSize = 1; newSize <= LARGEST_MUTATED; newSize++) {
            Hash newRoot = ROOTS.get(newSize);
            for (int oldSize = 1; oldSize <= newSize; oldSize++) {
                Hash oldRoot = ROOTS.get(oldSize);
                List<Hash> hashes =
                        ConsistencyProof.from(READER, oldSize, newSize).hashes();
                for (List<Hash> changed : changes(hashes)) {
                    refuses(new ConsistencyProof(oldSize, newSize, changed), oldRoot, newRoot);
                    refused++;
                }
                ConsistencyProof proof = new ConsistencyProof(oldSize, newSize, hashes);
                refuses(proof, flip(oldRoot, 3), newRoot);
                refuses(proof, oldRoot, flip(newRoot, 255));
                if (oldSize < newSize) {
                    refuses(proof, newRoot, oldRoot);
                    refuses(new ConsistencyProof(newSize, oldSize, hashes), oldRoot, newRoot);
                }
                refuses(new ConsistencyProof(0, newSize, hashes), oldRoot, newRoot);
                refuses(new ConsistencyProof(0, newSize, List.of()), MerkleTree.emptyRoot(), newRoot);
                refuses(new ConsistencyProof(-1, newSize, hashes), oldRoot, newRoot);
                refuses(new ConsistencyProof(oldSize, -1, hashes), oldRoot, newRoot);
                refuses(new ConsistencyProof(oldSize, Long.MAX_VALUE, hashes), oldRoot, newRoot);
            }
        }
        assertTrue(refused > 10_000, "only " + refused + " were tried");
    }

    /** Tests a rewritten history: the same sizes, but one leaf of the old tree differs. */
    @Test
    void noProofShowsARewrittenTreeConsistent() {
        for (int newSize = 2; newSize <= 33; newSize++) {
            for (int oldSize = 1; oldSize < newSize; oldSize++) {
                for (int rewritten = 0; rewritten < oldSize; rewritten++) {
                    List<Hash> forged = new ArrayList<>(LEAVES.subList(0, newSize));
                    forged.set(rewritten, flip(forged.get(rewritten), 0));
                    refuses(
                            ConsistencyProof.from(RecursiveTree.reader(forged), oldSize, newSize),
                            ROOTS.get(oldSize),
                            RecursiveTree.root(forged));
                }
            }
        }
    }

    @Test
    void whatCannotBeProvenCannotBeBuilt() {
        for (long[] bad : new long[][] {{0, 0}, {-1, 5}, {5, 5}, {6, 5}, {0, -1}, {Long.MAX_VALUE, Long.MAX_VALUE}}) {
            assertThrows(IllegalArgumentException.class, () -> InclusionProof.from(READER, bad[0], bad[1]));
        }
        for (long[] bad : new long[][] {{0, 0}, {0, 5}, {-1, 5}, {6, 5}, {1, -1}}) {
            assertThrows(IllegalArgumentException.class, () -> ConsistencyProof.from(READER, bad[0], bad[1]));
        }
        assertThrows(IllegalArgumentException.class, () -> MerkleTree.root(READER, -1));
    }

    @Test
    void aProofAsksItsReaderOnceAndForLittle() {
        List<Integer> asked = new ArrayList<>();
        HashReader counting = subtrees -> {
            asked.add(subtrees.size());
            return Collections.nCopies(subtrees.size(), MerkleTree.emptyRoot());
        };
        InclusionProof.from(counting, 1L << 61, Long.MAX_VALUE);
        InclusionProof.from(counting, 0, Long.MAX_VALUE);
        ConsistencyProof.from(counting, 1, Long.MAX_VALUE);
        ConsistencyProof.from(counting, (1L << 62) - 1, Long.MAX_VALUE);
        MerkleTree.root(counting, Long.MAX_VALUE);
        assertEquals(5, asked.size());
        assertTrue(Collections.max(asked) < 130, "asked for " + Collections.max(asked));
    }

    @Test
    void aReaderThatBreaksItsPromiseIsFoundOut() {
        assertThrows(IllegalStateException.class, () -> InclusionProof.from(subtrees -> List.of(), 0, 5));
        assertThrows(IllegalStateException.class, () -> Frontier.from(subtrees -> List.of(), 5));
    }

    /** Returns the proof with one bit flipped, or with one hash removed, doubled, added or moved. */
    private static List<List<Hash>> changes(List<Hash> hashes) {
        List<List<Hash>> changes = new ArrayList<>();
        for (int i = 0; i <= hashes.size(); i++) {
            List<Hash> added = new ArrayList<>(hashes);
            added.add(i, MerkleTree.emptyRoot());
            changes.add(added);
        }
        for (int i = 0; i < hashes.size(); i++) {
            List<Hash> flipped = new ArrayList<>(hashes);
            flipped.set(i, flip(hashes.get(i), i * 37));
            changes.add(flipped);
            List<Hash> shorter = new ArrayList<>(hashes);
            shorter.remove(i);
            changes.add(shorter);
            List<Hash> doubled = new ArrayList<>(hashes);
            doubled.add(i, hashes.get(i));
            changes.add(doubled);
            if (i > 0) {
                List<Hash> swapped = new ArrayList<>(hashes);
                Collections.swap(swapped, i - 1, i);
                changes.add(swapped);
            }
        }
        return changes;
    }

    private static Hash flip(Hash hash, int bit) {
        byte[] bytes = hash.bytes();
        bytes[(bit / 8) % Hash.BYTES] ^= (byte) (1 << (bit % 8));
        return Hash.of(bytes);
    }

    private static void refuses(InclusionProof proof, Hash leaf, Hash root) {
        assertThrows(NotProvenException.class, () -> proof.verify(leaf, root), proof::toString);
    }

    private static void refuses(ConsistencyProof proof, Hash oldRoot, Hash newRoot) {
        assertThrows(NotProvenException.class, () -> proof.verify(oldRoot, newRoot), proof::toString);
    }
}
