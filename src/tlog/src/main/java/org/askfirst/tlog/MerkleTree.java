package org.askfirst.tlog;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The Merkle tree hash of RFC 6962, section 2.1, over SHA-256.
 *
 * <p>Leaves and nodes are hashed with different first bytes, so that no node can be presented as a leaf.
 */
public final class MerkleTree {
    private static final byte LEAF_PREFIX = 0;
    private static final byte NODE_PREFIX = 1;
    private static final Hash EMPTY_ROOT = Hash.of(sha256());

    private MerkleTree() {}

    /** Returns the hash of one entry: SHA-256(0x00 || entry). */
    public static Hash leafHash(byte[] entry) {
        MessageDigest digest = sha256();
        digest.update(LEAF_PREFIX);
        digest.update(entry);
        return Hash.of(digest);
    }

    /** Returns the hash of a node from its two children: SHA-256(0x01 || left || right). */
    public static Hash nodeHash(Hash left, Hash right) {
        MessageDigest digest = sha256();
        digest.update(NODE_PREFIX);
        left.feed(digest);
        right.feed(digest);
        return Hash.of(digest);
    }

    /** Returns the root of the tree without leaves: the SHA-256 of no bytes. */
    public static Hash emptyRoot() {
        return EMPTY_ROOT;
    }

    /**
     * Returns the root of the first {@code size} leaves, from one read.
     *
     * @throws IllegalArgumentException if {@code size} is negative
     */
    public static Hash root(HashReader reader, long size) {
        if (size == 0) {
            return EMPTY_ROOT;
        }
        return Span.read(reader, List.of(new Span(0, size))).get(0);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
