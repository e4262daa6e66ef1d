package org.askfirst.tlog;

import java.util.ArrayList;
import java.util.List;

/**
 * RFC 6962, section 2.1, implemented literally: slow and recursive. It shares only the two hash functions with the code
 * under test.
 */
final class RecursiveTree {
    private RecursiveTree() {}

    /** Computes MTH(D[n]). */
    static Hash root(List<Hash> leaves) {
        int n = leaves.size();
        if (n == 0) {
            return MerkleTree.emptyRoot();
        }
        if (n == 1) {
            return leaves.get(0);
        }
        int k = split(n);
        return MerkleTree.nodeHash(root(leaves.subList(0, k)), root(leaves.subList(k, n)));
    }

    /** Computes PATH(m, D[n]). */
    static List<Hash> path(int m, List<Hash> leaves) {
        int n = leaves.size();
        if (n == 1) {
            return List.of();
        }
        int k = split(n);
        List<Hash> left = leaves.subList(0, k);
        List<Hash> right = leaves.subList(k, n);
        return m < k ? plus(path(m, left), root(right)) : plus(path(m - k, right), root(left));
    }

    /** Computes PROOF(m, D[n]). */
    static List<Hash> proof(int m, List<Hash> leaves) {
        return subproof(m, leaves, true);
    }

    private static List<Hash> subproof(int m, List<Hash> leaves, boolean whole) {
        int n = leaves.size();
        if (m == n) {
            return whole ? List.of() : List.of(root(leaves));
        }
        int k = split(n);
        List<Hash> left = leaves.subList(0, k);
        List<Hash> right = leaves.subList(k, n);
        return m <= k ? plus(subproof(m, left, whole), root(right)) : plus(subproof(m - k, right, false), root(left));
    }

    /** Returns the largest power of two less than n. */
    private static int split(int n) {
        int k = 1;
        while (k * 2 < n) {
            k *= 2;
        }
        return k;
    }

    private static List<Hash> plus(List<Hash> hashes, Hash last) {
        List<Hash> all = new ArrayList<>(hashes);
        all.add(last);
        return all;
    }

    /** Returns a reader that hashes the subtrees of these leaves at each call. */
    static HashReader reader(List<Hash> leaves) {
        return subtrees -> subtrees.stream()
                .map(subtree -> root(leaves.subList((int) subtree.start(), (int) subtree.end())))
                .toList();
    }

    /** Returns that many different leaves. */
    static List<Hash> leaves(int size) {
        List<Hash> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            leaves.add(MerkleTree.leafHash(new byte[] {(byte) (i >>> 8), (byte) i}));
        }
        return leaves;
    }
}
